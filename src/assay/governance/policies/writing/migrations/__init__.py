"""How the tables of translations came to be."""
