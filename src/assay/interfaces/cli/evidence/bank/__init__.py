"""`assay bank`: banks of known items, filled, searched and looked after. What a match means is in the bank."""
