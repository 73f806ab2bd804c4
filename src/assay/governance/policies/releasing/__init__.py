"""Bundles are built, signed, looked at in the shadow, launched in steps and rolled back. It edits no text."""
