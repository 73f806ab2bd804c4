"""Hashes by which an item is known again after common edits. It keeps none, and searches none."""
