"""Migrations of the life of a policy."""
