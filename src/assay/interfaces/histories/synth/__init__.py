"""Histories that are made up: uploads of which everything is known. It never reads a platform's own."""
