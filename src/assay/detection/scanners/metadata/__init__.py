"""The metadata scanner: structural readers for what files say of themselves. It never guesses from prose."""
