"""The tables of sign-in, step by step. Nothing else is changed here."""
