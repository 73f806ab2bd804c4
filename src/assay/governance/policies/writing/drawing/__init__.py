"""Drawings and print: a tree as a picture, guidance as PDF. They decide nothing."""
