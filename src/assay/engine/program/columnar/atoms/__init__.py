"""What an atom needs on a block: tests of values, comparisons, instants, shares. It never joins two atoms."""
