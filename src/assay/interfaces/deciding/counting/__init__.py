"""Counts of what is decided, and what is shown of them: metrics, traces. They never hold an item, an id or a secret."""
