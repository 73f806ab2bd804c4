"""Faults between rules, exceptions, markets and obligations. None is about a single condition."""
