"""A running service as seen from the terminal: its metrics, and how they are shown. It changes nothing there."""
