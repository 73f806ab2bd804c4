"""Pages of releases. They call commands and queries and decide nothing."""
