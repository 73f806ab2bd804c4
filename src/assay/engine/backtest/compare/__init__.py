"""Two versions of a policy side by side, from what a replay counted. It reads no row."""
