"""Readers of payloads that many containers carry. They find fields, and never say what a field means."""
