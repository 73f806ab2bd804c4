"""Saved views of lists, on pages. They hold no row of any list."""
