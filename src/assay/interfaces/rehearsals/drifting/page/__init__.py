"""Drift as a page that stands alone in a file. It decides nothing."""
