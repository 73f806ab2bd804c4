"""The pages of documents and translations. They call commands and queries, and decide nothing."""
