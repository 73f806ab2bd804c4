"""The parts of benchmarks/scan.py: files to scan, single runs, kills. They measure and mend nothing."""
