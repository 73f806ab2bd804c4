"""`assay detector prompt`, `evaluate` and `ask` for a language model: measured first, then asked, then decided by."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.detection.language_model.asked import FILES
from tests.detection.language_model.stand_in import Answered, StandIn, said, serving, shown_text
from tests.interfaces.running import assay, json_lines

pytestmark = pytest.mark.enable_socket
TOKEN = "a-token-that-nobody-may-see"


def answering(request: dict[str, Any]) -> Answered:
    return said("yes" if "beware" in shown_text(request) else "no")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MODELS_TOKEN", TOKEN)
    for name, text in FILES.items():
        path = Path("pack") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    with serving(answering) as stand_in:
        Path("judges").mkdir()
        Path("judges/judge.toml").write_text(
            f'name = "small"\nendpoint = "{stand_in.url}"\nmodel = "a-model"\nlanguages = ["en"]\n'
            'signals = ["threat"]\ntoken_env = "MODELS_TOKEN"\n'
            "requests_per_minute = 100000\ntokens_per_minute = 1000000000\n",
            encoding="utf-8",
        )
        yield stand_in


def lines(path: str, records: list[dict[str, object]]) -> None:
    Path(path).write_text("".join(json.dumps(each) + "\n" for each in records), encoding="utf-8")


def labelled(number: int) -> dict[str, object]:
    words = "beware" if number % 2 else "good day"
    content = {"text": f"{words}, neighbour number {number}", "language": "en"}
    return {"id": f"l-{number}", "content": content, "truth": {"threat": bool(number % 2)}}


def an_item(number: int, text: str) -> dict[str, object]:
    known = {"ai_extent": "generated", "satire": "none", "purpose": []}
    return {"id": f"i-{number}", "signals": known, "content": {"text": text, "language": "en"}}


def test_measured_then_asked_then_decided_and_asked_again_for_nothing(desk: StandIn) -> None:
    lines("labels.jsonl", [labelled(number) for number in range(48)])
    lines("items.jsonl", [an_item(1, "beware"), an_item(2, "good day"), {"id": "i-3", "signals": {}}])
    words = ("--pack", "pack", "--judge", "judges", "--as-of", "2026-12-15", "--cache", "replies")

    run = assay("detector", "ask", "items.jsonl", *words)
    assert (run.code, desk.requests) == (0, [])
    assert [line["id"] for line in run.lines] == ["i-1", "i-2", "i-3"]
    assert "3 items: 0 asked about; 0 questions" in run.err
    assert "not-measured: `threat` was not measured in `en`; measure again: assay detector evaluate judges" in run.err

    run = assay("detector", "evaluate", "judges", "--labels", "labels.jsonl", "--pack", "pack", "--repeats", "0")
    assert run.code == 0
    assert "what items hold is sent to this machine, for the model `a-model`" in run.err
    assert "100.0 %" in run.out
    assert Path("judges/accuracy.json").is_file()

    before = len(desk.requests)
    run = assay("detector", "ask", "items.jsonl", "-o", "asked.jsonl", "--records", "records.jsonl", *words)
    assert (run.code, len(desk.requests) - before) == (0, 2)
    first, second, third = json_lines(Path("asked.jsonl"))
    assert [first["assertions"][0]["value"], second["assertions"][0]["value"]] == [True, False]
    assert third == {"id": "i-3", "signals": {}}
    record = json_lines(Path("records.jsonl"))[0]
    assert record["evidence"] == first["assertions"][0]["evidence"][0]
    assert TOKEN not in run.err + Path("records.jsonl").read_text() + Path("judges/accuracy.json").read_text()
    assert desk.headers[0]["authorization"] == f"Bearer {TOKEN}"

    decided = assay("decide", "asked.jsonl", "--pack", "pack", "--as-of", "2026-12-15")
    assert decided.lines[0]["outcomes"][0]["applied"] == ["removed"]

    run = assay("detector", "ask", "items.jsonl", "-o", "again.jsonl", *words)
    assert (run.code, len(desk.requests) - before) == (0, 2)
    assert Path("again.jsonl").read_bytes() == Path("asked.jsonl").read_bytes()


def test_a_word_changed_in_the_pack_makes_the_measure_one_of_another_prompt(desk: StandIn) -> None:
    lines("labels.jsonl", [labelled(number) for number in range(44)])
    lines("items.jsonl", [an_item(1, "beware")])
    evaluate = ("detector", "evaluate", "judges", "--labels", "labels.jsonl", "--pack", "pack", "--cache", "replies")
    assert assay(*evaluate).code == 0
    path = Path("pack/policies/harm.md")
    path.write_text(path.read_text(encoding="utf-8").replace("Nobody is threatened.", "No threats."), encoding="utf-8")
    run = assay("detector", "ask", "items.jsonl", "--pack", "pack", "--judge", "judges")
    assert "prompt-changed: `threat` was measured with another prompt, model, setting or pack" in run.err
    # What the model reads is the same byte for byte, so measuring again costs nothing.
    before = len(desk.requests)
    assert assay(*evaluate).code == 0
    assert len(desk.requests) == before
    run = assay("detector", "ask", "items.jsonl", "--pack", "pack", "--judge", "judges")
    assert "1 assertion" in run.err


def test_the_prompt_is_shown_as_it_is_sent(desk: StandIn) -> None:
    lines("labels.jsonl", [labelled(number) for number in range(2)])
    shown = assay("detector", "prompt", "judges/judge.toml", "--pack", "pack", "--signal", "threat")
    assay(
        "detector", "evaluate", "judges", "--labels", "labels.jsonl", "--pack", "pack", "--requests", "3", "--dry-run"
    )
    assert desk.requests[0]["messages"][0]["content"] in shown.out
    assert len(desk.requests) == 3
    assert not Path("judges/accuracy.json").exists()
    assert assay("detector", "prompt", "judges", "--pack", "pack", "--signal", "satire").code == 2


def test_what_cannot_be_used_is_named_with_the_next_step(desk: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    lines("items.jsonl", [an_item(1, "beware")])
    ask = ("detector", "ask", "items.jsonl", "--pack", "pack", "--judge", "judges")
    monkeypatch.setenv("MODELS_TOKEN", "two words")
    assert "a token is one word" in assay(*ask).err
    monkeypatch.delenv("MODELS_TOKEN")
    assert "the variable `MODELS_TOKEN` is not set" in assay(*ask).err
    assert assay("detector", "ask", "none.jsonl", "--pack", "pack", "--judge", "judges").code == 2
    assert assay("detector", "ask", "items.jsonl", "--pack", "pack", "--judge", "pack").code == 2
    assert assay(*ask, "-o", "items.jsonl").code == 2
    path = Path("judges/judge.toml")
    path.write_text(path.read_text().replace('["threat"]', '["threats"]'), encoding="utf-8")
    run = assay(*ask)
    assert (run.code, "unknown-signal: no signal is named `threats`; did you mean `threat`?" in run.err) == (1, True)
    path.write_text(path.read_text().replace("127.0.0.1", "models.example.org").replace("http:", "https:"))
    run = assay(*ask)
    assert (run.code, "content-would-leave" in run.err, desk.requests) == (1, True, [])
    Path("judges/accuracy.json").write_text("{", encoding="utf-8")
    assert assay("detector", "evaluate", "judges", "--labels", "items.jsonl").code == 2
