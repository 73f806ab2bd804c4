"""Migrations of drafting. They hold no rule."""
