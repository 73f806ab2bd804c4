"""Readers of sound and video containers. They find fields, and never say what a field means."""
