"""Packs as they come in: from a folder, a git revision or a bundle. It never loads an unsound pack."""

from __future__ import annotations

from assay.interfaces.packs.folders import check_folder, load_pack, read_folder, starter_folder
from assay.interfaces.packs.texts import LARGEST, Report

__all__ = ["LARGEST", "Report", "check_folder", "load_pack", "read_folder", "starter_folder"]
