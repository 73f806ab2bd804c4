"""Policies, their versions, and what stood on any day. It changes none."""
