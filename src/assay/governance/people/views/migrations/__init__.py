"""How the tables of saved views came about."""
