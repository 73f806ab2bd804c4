"""Exported CEL, run by Google's implementation over the environment that the manifest declares. It tests nothing."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import lru_cache
from typing import Any

import pytest

from assay.engine.kernel.digest import share_of
from assay.engine.kernel.instants import EPOCH
from assay.engine.kernel.truth import UNKNOWN, Truth, truth_of
from assay.engine.language.meaning import Case
from assay.engine.program.cel.export import CelExport
from assay.engine.program.cel.names import Variable

cel = pytest.importorskip("cel_expr_python.cel", reason="Google's CEL has no wheel for this system")


def environment(export: CelExport) -> Any:
    """The environment that the manifest declares, and nothing more: no extension, no function of ours."""
    return cel.NewEnv(config=cel.NewEnvConfigFromYaml(json.dumps(export.manifest["environment"])))


def bindings(export: CelExport, case: Case, market_class: str) -> dict[str, object]:
    """The variables that a case knows."""
    found = {variable.name: _value(variable, case, market_class) for variable in export.variables}
    return {name: value for name, value in found.items() if value is not None}


def _value(variable: Variable, case: Case, market_class: str) -> object:
    match variable.holds:
        case "market":
            return market_class
        case "as_of":
            return EPOCH + timedelta(microseconds=case.as_of)
        case "rollout":
            return None if case.item is None else share_of(case.item, variable.of)
    value = case.signals.get(variable.of)
    if variable.type in ("timestamp", "duration") and value is not None:
        assert isinstance(value, int)
        length = timedelta(microseconds=value)
        return EPOCH + length if variable.type == "timestamp" else length
    return sorted(value) if isinstance(value, frozenset) else value


@lru_cache(maxsize=500)
def _compiled(where: Any, text: str) -> Any:
    return where.compile(text)


def truth_in_cel(where: Any, text: str, bound: dict[str, object]) -> Truth:
    """What a text says: true, false, or unknown where it fails for a variable that nobody bound."""
    answer = _compiled(where, text).eval(data=bound)
    if answer.type().name() == "BOOL":
        return truth_of(bool(answer.value()))
    assert "No value with name" in str(answer.value()), answer.value()
    return UNKNOWN
