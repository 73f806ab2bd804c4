"""Exact search among 256-bit hashes: everything within a distance, and nothing else. It knows no bank and no file."""
