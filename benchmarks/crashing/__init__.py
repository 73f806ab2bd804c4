"""What `benchmarks/endurance.py crash` is made of."""
