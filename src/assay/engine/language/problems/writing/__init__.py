"""Faults in how something is written, before anything is known of its meaning. None is found twice."""
