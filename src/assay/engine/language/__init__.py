"""The policy language: Markdown in, checked rules out. It never evaluates more than the reference meaning does."""
