"""Assay's own scanners, one folder each; they come through the same entry points as anybody else's."""
