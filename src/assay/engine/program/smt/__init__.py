"""A program as a question for a solver: what to ask, how it is written down, what comes back. It decides no item."""
