"""What a page runs: the drawing library, inlined, and a few lines that start it. It lets no data become a script."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from markupsafe import Markup

_START = """
(() => {
  const specs = JSON.parse(document.getElementById("chart-specs").textContent);
  const options = {mode: "vega-lite", ast: true, actions: false, defaultStyle: false, renderer: "svg",
    tooltip: {disableDefaultStyle: true}};
  for (const place of document.querySelectorAll("[data-chart]")) {
    vegaEmbed(place, specs[place.dataset.chart], options).then(() => place.parentElement.classList.add("drawn"));
  }
})();
"""
# Within a script these would end it, or open a comment in it; within JSON a sequence of escape says the same.
_ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


@dataclass(frozen=True, slots=True)
class Scripts:
    """The scripts of a page, and the rule by which a browser runs no other and asks nobody for anything."""

    library: Markup
    start: Markup
    data: Markup
    policy: str


def scripts_of(specs: Mapping[str, object]) -> Scripts:
    """The scripts that draw charts from their specifications, by name."""
    library = _library()
    allowed = " ".join(f"'sha256-{_hash(text)}'" for text in (library, _START))
    policy = (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
        "form-action 'none'"
    )
    return Scripts(Markup(library), Markup(_START), data_of(specs), policy)  # noqa: S704


def data_of(value: object) -> Markup:
    """JSON for the inside of a script element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(text.translate(_ESCAPES))  # noqa: S704


@cache
def _library() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script."""
    import vl_convert

    text = str(vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;"))
    return re.sub(r"<(?=/script|!--)", r"\\x3c", text, flags=re.IGNORECASE)


def _hash(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
