"""Copies of known items: what identifies an item, banks of them, and how they are found. It judges none."""
