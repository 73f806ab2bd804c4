"""The ways in. Strangers' input enters here and leaves as our own types; nothing below imports it."""
