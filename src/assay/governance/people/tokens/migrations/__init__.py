"""The tables of tokens, step by step. Nothing else is changed here."""
