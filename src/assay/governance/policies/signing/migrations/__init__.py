"""How the tables of signing came to be. It holds no rule."""
