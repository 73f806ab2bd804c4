"""Faults in the words that conditions use: signals, values, types, measures. None is about a rule as a whole."""
