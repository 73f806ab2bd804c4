"""The site inside the process of the decision service: loaded beside it, bounded, and never in its way."""
