"""How the tables of readiness came to be. It holds no rule."""
