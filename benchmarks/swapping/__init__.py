"""Bundles that are swapped under a thread which decides. It measures no answer."""
