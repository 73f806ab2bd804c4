"""Segments: append-only files of decision records, each frame with its checksum. They never overwrite what is there."""
