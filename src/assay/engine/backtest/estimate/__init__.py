"""Totals, rates and their intervals from sums over a sample, by its design. They read no row and roll no dice."""
