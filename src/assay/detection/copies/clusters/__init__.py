"""Near-duplicates found among items, and how far each kind of them has spread. It never judges an item."""
