"""Parts of benchmarks/copies.py. They measure nothing by being imported."""
