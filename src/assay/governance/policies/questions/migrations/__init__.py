"""How the tables of known questions came to be, step by step. They hold no rule."""
