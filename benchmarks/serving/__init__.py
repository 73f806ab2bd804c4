"""Servers under load: how they are started, fed and measured. Nothing here decides what a figure must be."""
