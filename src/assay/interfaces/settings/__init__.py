"""Settings: what an operator may set, each with its words. It never guesses what a misspelt one meant."""
