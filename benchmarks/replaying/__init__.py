"""What `benchmarks/rehearsal.py replay` measures: rows on disk, and engines that each decide all of them."""
