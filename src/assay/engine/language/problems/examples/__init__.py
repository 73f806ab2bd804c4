"""Faults between a rule and its examples. None changes either."""
