"""Tiny files signed by a certificate authority of their own. They hold nobody's work, and nobody trusts them."""

from __future__ import annotations

from assay.detection.scanners.c2pa.examples.cases import examples

__all__ = ["examples"]
