"""Clusters of near-duplicates put together for people, and the page about them. It shows no picture unasked."""
