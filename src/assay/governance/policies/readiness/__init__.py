"""Whether a change can be launched: the checklist, and the product features that it depends on, by market."""
