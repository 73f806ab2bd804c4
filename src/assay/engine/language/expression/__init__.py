"""Conditions: a typed subset of the Common Expression Language. It never evaluates anything."""
