"""Histories as files: opened, read in pieces, imported, described. A history is never changed where it stands."""
