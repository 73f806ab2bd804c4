"""The C2PA scanner: signed provenance, judged by validation codes. It never opens a connection."""
