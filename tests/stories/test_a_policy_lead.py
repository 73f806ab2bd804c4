"""A policy lead writes a rule, sees what is wrong with it, mends it, tests it, and decides with it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.interfaces.running import SOME_DAY, STARTER, assay

pytestmark = pytest.mark.story

FIRST_DRAFT = """---
policy: pets
title: AI pictures of pets
version: 0.1.0
owner: aigc-policy
effective: 2026-09-01
---
People like to know whether the cat is real.

## Pictures of pets that never lived

A note stands beside a realistic picture of an animal that AI made.

```yaml rule
id: invented-pet
when: ai_extent.atLeast("generatd") && realism == "realistic" && depicts_pet
then: [label:context_note]
severity: S0
```
"""
SIGNAL = """
  depicts_pet:
    type: flag
    title: Shows a pet
    question: Does it show a pet?
    help: Wild animals are no pets.
    phrase: it shows a pet
    phrase_no: it shows no pet
    seconds: 3
    exposure: 0
    prior: {no: 9, yes: 1}
"""
EXAMPLES = """
```yaml example
title: a kitten that AI made
given: {ai_extent: generated, realism: realistic, depicts_pet: yes}
catches: yes
expect: {label:context_note: yes}
```

```yaml example
title: a drawn kitten
given: {ai_extent: generated, realism: stylised, depicts_pet: yes}
catches: no
```
"""


UPLOAD = json.dumps({"id": "cat", "signals": {"ai_extent": "generated", "realism": "realistic", "depicts_pet": True}})


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return Path(shutil.copytree(STARTER, tmp_path / "pack"))


@pytest.fixture
def mended(pack: Path) -> Path:
    """The pack with the rule as it was meant, its signal, and its examples."""
    signals = pack / "signals.yaml"
    signals.write_text(signals.read_text(encoding="utf-8") + SIGNAL, encoding="utf-8")
    text = FIRST_DRAFT.replace("generatd", "generated") + EXAMPLES
    (pack / "policies" / "pets.md").write_text(text, encoding="utf-8")
    return pack


def test_everything_wrong_with_a_draft_is_said_at_once_and_nothing_is_decided_with_it(pack: Path) -> None:
    policy = pack / "policies" / "pets.md"
    policy.write_text(FIRST_DRAFT, encoding="utf-8")
    checked = assay("check", pack)
    assert checked.code == 1
    assert f"{policy}:16:25: unknown-value: " in checked.out
    assert "did you mean `generated`?" in checked.out
    assert "unknown-signal: no signal is named `depicts_pet`" in checked.out
    assert "missing-example" in checked.out
    decided = assay("decide", "-", "--pack", pack, given=UPLOAD)
    assert (decided.code, decided.out) == (1, "")


def test_the_mended_rule_is_tested_explained_and_formatted(mended: Path) -> None:
    checked = assay("check", mended)
    assert checked.code == 0, checked.out
    assert assay("test", mended, "--policy", "pets").out.splitlines()[-1] == "2 passed, 0 failed"
    assert "and it shows a pet" in " ".join(assay("explain", mended, "pets/invented-pet").out.split())
    assert assay("fmt", mended).code == 0
    assert assay("fmt", mended, "--check").code == 0


def test_an_example_that_promises_something_else_is_caught_before_anybody_else_is(mended: Path) -> None:
    policy = mended / "policies" / "pets.md"
    text = policy.read_text(encoding="utf-8").replace("{label:context_note: yes}", "{label:context_note: no}")
    policy.write_text(text, encoding="utf-8")
    tested = assay("test", mended, "--policy", "pets")
    assert tested.code == 1
    assert "failing-example" in tested.out


def test_the_mended_rule_decides_and_says_why(mended: Path) -> None:
    decided = assay("decide", "-", "--pack", mended, "--as-of", SOME_DAY, "--markets", "FR", given=UPLOAD)
    assert decided.code == 0, decided.err
    (record,) = decided.lines
    assert "pets/invented-pet" in record["outcomes"][0]["fired"]
    assert record["outcomes"][0]["measures"]["label:context_note"] == "yes"
    assert record["reasons"]["pets/invented-pet"].endswith("it shows a pet")
