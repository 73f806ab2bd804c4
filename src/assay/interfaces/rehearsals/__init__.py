"""Rehearsals of a change on history: how one is run, and how it is shown. It decides nothing itself."""
