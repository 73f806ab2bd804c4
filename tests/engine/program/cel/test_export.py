"""Exported CEL is plain, reads like the rule, and its manifest says all that a program around it must know."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from assay.engine.kernel.truth import NO, UNKNOWN, YES, Truth
from assay.engine.kernel.values import MaybeValue
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.vocabulary import Vocabulary
from assay.engine.program.cel.export import CelExport, compile_cel
from assay.engine.program.cel.manifest import READING
from assay.engine.program.lower import lower_pack
from tests.conftest import Golden
from tests.engine.program.cel.oracle import bindings, environment, truth_in_cel
from tests.engine.program.sql.fixed_pack import the_pack
from tests.makers import a_case, a_pack, a_rule, a_signal, a_vocabulary

TEXTS = Path(__file__).parent / "golden"


def exported(pack: Pack) -> CelExport:
    return compile_cel(lower_pack(pack))


def one_rule(condition: str, vocabulary: Vocabulary, **others: object) -> CelExport:
    return exported(a_pack(a_rule("p/r", condition, **others), vocabulary=vocabulary))  # type: ignore[arg-type]


def truth(export: CelExport, **signals: MaybeValue) -> Truth:
    return truth_in_cel(environment(export), export.rules["p/r"], bindings(export, a_case(signals), "rest"))


def test_the_texts_and_the_manifest_are_those_that_were_read_and_accepted(golden: Golden) -> None:
    kept = replace(golden, folder=TEXTS)
    export = exported(the_pack())
    rules = "".join(f"// {ref}\n{text}\n\n" for ref, text in export.rules.items())
    kept("rules.cel", rules)
    kept("measures.cel", "".join(f"// {name}\n{text}\n\n" for name, text in export.measures.items()))
    short = [one | {"codes": one["codes"][:3]} for one in listed(export, "markets")]
    kept("manifest.json", json.dumps({**export.manifest, "markets": short}, indent=2, ensure_ascii=False) + "\n")


def listed(export: CelExport, key: str) -> list[dict[str, list[str]]]:
    found = export.manifest[key]
    assert isinstance(found, list)
    return found


def test_only_functions_that_every_cel_has_are_called() -> None:
    export = exported(the_pack())
    quoted = re.compile(r'"(?:[^"\\]|\\.)*"')
    texts = " ".join(quoted.sub('""', text) for text in [*export.rules.values(), *export.measures.values()])
    called = set(re.findall(r"([A-Za-z_][\w.]*)\(", texts))
    assert {name.rpartition(".")[2] for name in called} <= {
        "contains", "double", "duration", "endsWith", "size", "startsWith", "timestamp",
    }  # fmt: skip


def test_the_manifest_is_json_and_holds_every_class_once() -> None:
    export = exported(the_pack())
    assert json.loads(json.dumps(export.manifest, allow_nan=False)) == export.manifest
    codes = [code for found in listed(export, "markets") for code in found["codes"]]
    assert len(codes) == len(set(codes)) == len(the_pack().markets.codes)
    assert set(READING) >= {"true", "false", "error", "unknown", "meanwhile", "rollout", "calendar"}


def test_a_signal_named_like_a_type_of_cel_is_renamed_and_no_two_become_one() -> None:
    names = ("type", "int.size", "assay.market", "signal.type", "signal", "plain", "person.type")
    vocabulary = a_vocabulary(*(a_signal(name) for name in names))
    export = one_rule(" && ".join(names), vocabulary)
    named = {variable.of: variable.name for variable in export.variables if variable.holds == "signal"}
    assert named == {
        "type": "signal.type",
        "int.size": "signal.int.size",
        "assay.market": "signal.assay.market",
        "signal.type": "signal.signal.type",
        "signal": "signal.signal",
        "plain": "plain",
        "person.type": "person.type",
    }
    assert truth(export, **dict.fromkeys(names, True)) is YES
    assert truth(export, **dict.fromkeys(names[1:], True)) is UNKNOWN


@pytest.mark.parametrize("reference", ["p/r", "9-lives/true", "a-b/in", "null/7"])
def test_a_share_of_any_rule_has_a_name_that_cel_can_read(reference: str) -> None:
    export = exported(a_pack(a_rule(reference, "true", rollout=0.5)))
    (text,) = export.rules.values()
    (variable,) = [one for one in export.variables if one.holds == "rollout"]
    where = environment(export)
    assert truth_in_cel(where, text, {variable.name: 0.49}) is YES
    assert truth_in_cel(where, text, {variable.name: 0.5}) is NO
    assert truth_in_cel(where, text, {}) is UNKNOWN


def test_whole_and_decimal_numbers_are_compared_without_an_option() -> None:
    vocabulary = a_vocabulary(a_signal("copies", "number", integer=True), a_signal("width", "number"))
    export = one_rule("copies < width && width > 2 && width in [3, 4.5] && copies in [1, 2]", vocabulary)
    assert export.rules["p/r"] == ("double(copies) < width && width > 2.0 && width in [3.0, 4.5] && copies in [1, 2]")
    assert truth(export, copies=2, width=3.0) is YES
    assert truth(export, copies=3, width=3.0) is NO
    assert truth(export, width=3.0) is UNKNOWN


def test_scales_and_sets_become_membership() -> None:
    vocabulary = a_vocabulary(a_signal("ai_extent", "scale"), a_signal("technique", "set"))
    export = one_rule(
        'ai_extent.atLeast("altered") && sets.intersects(technique, ["inpainting", "face_swap"])', vocabulary
    )
    assert export.rules["p/r"] == (
        'ai_extent in ["altered", "generated"] && ("face_swap" in technique || "inpainting" in technique)'
    )
    none = one_rule('!sets.contains(technique, ["inpainting", "face_swap"])', vocabulary)
    assert none.rules["p/r"] == '!("face_swap" in technique) || !("inpainting" in technique)'


def test_a_rule_that_holds_nowhere_is_false_without_any_variable() -> None:
    export = exported(a_pack(a_rule("p/r", "disclosed", markets=("US", "not:US"))))
    assert truth_in_cel(environment(export), export.rules["p/r"], {}) is NO


def test_a_text_is_quoted_as_cel_reads_it() -> None:
    strange = "it's \"\\ \n\t\x07 ü 日本 \U0001d538"
    export = one_rule(
        f"caption == {json.dumps(strange, ensure_ascii=False)}", a_vocabulary(a_signal("caption", "text"))
    )
    assert truth(export, caption=strange) is YES
    assert truth(export, caption=strange + " ") is NO


def test_a_subject_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="no subject is named `user`"):
        compile_cel(lower_pack(a_pack(a_rule())), subject="user")
