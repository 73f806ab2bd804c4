"""What several benchmarks share: packs and items, clocks, tables."""
