"""Scans of many files: lists in, rows out, with a journal, a cache and engines. It decodes no file in its process."""
