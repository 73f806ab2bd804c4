"""How the tables of the room of people came to be, step by step. They hold no rule."""
