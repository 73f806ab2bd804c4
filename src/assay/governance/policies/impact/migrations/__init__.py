"""Migrations of impact."""
