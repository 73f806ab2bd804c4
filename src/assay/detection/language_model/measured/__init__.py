"""How often a judge is right, also on items with planted instructions. It believes nothing that was not counted."""
