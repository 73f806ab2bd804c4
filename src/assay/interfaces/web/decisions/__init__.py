"""Decisions as they were recorded, on pages: the list, one, an item's history. They change no record."""
