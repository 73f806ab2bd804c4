"""The demonstration's workbench: people, what they did, released bundles, decided uploads. It serves nothing."""
