"""Guidance as a tagged PDF (PDF/UA-1), set by typst. It fetches nothing and uses no typeface of the machine."""

from __future__ import annotations

import json
import re
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import typst

from assay.engine.kernel.errors import Fault
from assay.governance.policies.writing.documents.guidance import Guidance
from assay.governance.policies.writing.drawing.printed import printed

STANDARD: Literal["ua-1"] = "ua-1"
# More than a thousand pages: nobody prints it, and it would keep others waiting.
LARGEST = 4_000_000
_NOT_SHOWN = re.compile(r'the text `"(.+?)"` could not be displayed')


def guidance_pdf(page: Guidance, at: datetime) -> bytes | Fault:
    """The document, or why it cannot be made.

    at  the moment that the file carries, so that the same guidance is the same file
    """
    data = json.dumps(printed(page), ensure_ascii=False)
    if len(data) > LARGEST:
        return Fault("long-guidance", "the guidance is too long for one PDF; print the page of one market instead")
    return set_pages(data, at)


def set_pages(data: str, at: datetime) -> bytes | Fault:
    """Set the template with values; `data` is JSON."""
    # A folder that holds the template alone is all that the typesetter may read.
    with TemporaryDirectory() as empty:
        root = Path(empty)
        try:
            main = root / "guidance.typ"
            main.write_bytes(_template())
            made = typst.compile(
                main,
                root=root,
                format="pdf",
                ignore_system_fonts=True,
                package_path=root,
                package_cache_path=root,
                sys_inputs={"data": data},
                pdf_standards=[STANDARD],
                timestamp=int(at.timestamp()),
            )
        except typst.TypstError as error:
            return _fault(error.message)
    return made


def _fault(words: str) -> Fault:
    # Under PDF/UA a character without a picture is an error: a reader would get a box, or silence.
    missing = _NOT_SHOWN.search(words)
    if missing is not None:
        said = f"no typeface of the PDF has the character `{missing.group(1)}`; print the page from the browser instead"
        return Fault("no-typeface", said)
    return Fault("not-set", f"the PDF could not be set: {' '.join(words.split())[:200]}; print the page instead")


@cache
def _template() -> bytes:
    return files(__package__).joinpath("guidance.typ").read_bytes()
