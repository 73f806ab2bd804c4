"""Strings that translators work on: taken out, written to PO files, read back, put in. They know no store."""
