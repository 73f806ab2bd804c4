"""What `benchmarks/endurance.py soak` is made of."""
