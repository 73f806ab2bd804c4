"""Rates and numbers of items against what they should be. It says what is out, and puts no brake on anything."""
