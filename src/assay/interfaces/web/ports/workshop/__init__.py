"""Checking, proving, comparing and rehearsing a change in a process of its own. It never decides what a run means."""
