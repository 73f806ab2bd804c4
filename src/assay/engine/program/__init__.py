"""Checked rules made to run fast: lowered once, then one back end a file. Never a meaning of its own."""
