"""Readers of document containers. They find fields, and never say what a field means."""
