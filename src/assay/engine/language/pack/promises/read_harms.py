"""`harms.yaml` to declared harms. It collects every fault and keeps what can be kept."""

from __future__ import annotations

from assay.engine.kernel.errors import Diagnostic
from assay.engine.kernel.identifiers import SLUG
from assay.engine.language.document.fields import Fields
from assay.engine.language.document.yaml_tree import Mapping
from assay.engine.language.pack.policy import SEVERITIES
from assay.engine.language.pack.promises.harms import DEFAULT_LEVEL, Harm, Harms
from assay.engine.language.problems.writing import bad_value

_KEYS = ("title", "severity", "when", "answered_by")


def read_harms(node: Mapping, problems: list[Diagnostic]) -> Harms:
    """The harms below `harms:`, in the order declared, and their level."""
    top = Fields(node, "harms.yaml", ("level", "harms"), problems)
    level = top.one_of("level", SEVERITIES, DEFAULT_LEVEL)
    declared = top.mapping("harms")
    found = []
    for key, below in declared.entries if declared is not None else ():
        if not SLUG.match(key.text):
            hint = "use a-z, 0-9 and hyphens"
            problems.append(bad_value.report(f"`{key.text[:40]}` cannot name a harm", key.span, hint))
            continue
        if not isinstance(below, Mapping):
            problems.append(bad_value.report(f"`{key.text}` holds keys and values", below.span))
            continue
        fields = Fields(below, f"the harm `{key.text}`", _KEYS, problems)
        title = fields.text("title", required=True)
        severity = fields.one_of("severity", SEVERITIES, "S0", required=True)
        when, answered_by = fields.condition("when", required=True), fields.names("answered_by")
        if when is not None:
            found.append(Harm(key.text, title, severity, when, answered_by, key.span))
    return Harms(level, tuple(found))
