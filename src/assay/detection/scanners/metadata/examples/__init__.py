"""Tiny files for the metadata scanner, made here byte by byte. They hold nobody's work."""

from __future__ import annotations

from assay.detection.scanners.metadata.examples.cases import examples

__all__ = ["examples"]
