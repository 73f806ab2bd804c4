"""One decision as people read it, out of its record. It decides nothing and guesses nothing."""
