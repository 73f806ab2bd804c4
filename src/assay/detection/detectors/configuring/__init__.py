"""Reads a detector's configuration with every fault in it at once. It never runs a model."""
