"""Copies of known items, found by hashes in an operator's banks. What is in no bank is simply not known."""
