"""Asks a configured detector about one file. It runs in the pool's processes and nowhere else."""
