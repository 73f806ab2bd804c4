"""How the tables of releases came to be, step by step. They hold no rule."""
