"""The demonstration: makes its own media and shows what was decided on it. It never reads anybody's files."""
