"""The pages of a change's life. They call commands and queries, and decide nothing."""
