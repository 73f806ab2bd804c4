"""What benchmarks/evidence.py needs: files with known truth, tools that read them, what their answers come to."""
