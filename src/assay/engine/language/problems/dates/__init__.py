"""Faults in dates. None depends on the day on which it is looked for."""
