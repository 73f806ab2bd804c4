"""How the tables of consultations came to be, step by step. They hold no rule."""
