"""Bundles in use: found, verified, proved to load, swapped, rolled back. Nothing unproved decides."""
