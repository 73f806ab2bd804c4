"""What `benchmarks/replay.py` measures: rows on disk, and engines that each decide all of them."""
