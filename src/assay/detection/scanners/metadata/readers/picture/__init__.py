"""Readers of picture containers. They find fields, and never say what a field means."""
