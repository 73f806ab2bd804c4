"""Proofs and comparisons as single HTML files that need nothing else. Nothing in them is a script."""
