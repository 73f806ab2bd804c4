"""The page about clusters of near-duplicates and their spread. It computes none."""
