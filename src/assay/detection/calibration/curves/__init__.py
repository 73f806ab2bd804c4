"""Monotone curves from a score to the weight of evidence. They never turn round."""
