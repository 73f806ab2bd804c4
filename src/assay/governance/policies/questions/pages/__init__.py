"""The pages of known questions. They call queries and commands and decide nothing."""
