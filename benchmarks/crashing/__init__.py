"""What `benchmarks/crash.py` is made of."""
