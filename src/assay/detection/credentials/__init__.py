"""Credentials that a platform keeps: a new file is bound to the original it was made from. It drops no provenance."""
