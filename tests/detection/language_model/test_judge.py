"""A judge is read whole or refused whole, with every fault and its next step."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.detection.language_model.judge import Judge, load_judge, read_judge
from assay.engine.kernel.errors import Fault

PLAIN = """name = "small"
endpoint = "https://models.example.org/v1"
model = "a-model"
languages = ["en"]
allow_content_to_leave = true
"""


def slugs(written: str) -> list[str]:
    found = read_judge(written)
    assert isinstance(found, list)
    return [fault.slug for fault in found]


def read(written: str) -> Judge:
    found = read_judge(written)
    assert isinstance(found, Judge)
    return found


def test_a_plain_judge_may_be_asked_nothing_and_sends_no_pictures() -> None:
    judge = read(PLAIN)
    assert judge.signals == ()
    assert not judge.images
    assert (judge.temperature, judge.samples, judge.response_format) == (0.0, 1, "json_schema")
    assert judge.endpoint == "https://models.example.org/v1/chat/completions"
    assert read(PLAIN.replace("/v1", "/v1/chat/completions/")) == judge


def test_items_leave_the_machine_only_where_that_is_allowed_in_so_many_words() -> None:
    (fault,) = [one for one in read_judge(PLAIN.replace("true", "false")) if isinstance(one, Fault)]  # type: ignore[union-attr]
    assert fault.slug == "content-would-leave"
    assert "`models.example.org`" in fault.words
    assert "`allow_content_to_leave = true`" in fault.words
    assert slugs(PLAIN.replace("allow_content_to_leave = true\n", "")) == ["content-would-leave"]


@pytest.mark.parametrize("host", ["http://127.0.0.1:8000/v1", "http://localhost/v1", "http://[::1]:9/v1"])
def test_a_model_on_this_machine_needs_no_leave_and_no_encryption(host: str) -> None:
    judge = read(PLAIN.replace("https://models.example.org/v1", host).replace("true", "false"))
    assert judge.stays_here


@pytest.mark.parametrize(
    ("address", "slug"),
    [
        ("http://models.example.org/v1", "unencrypted-address"),
        ("http://127.0.0.1.example.org/v1", "unencrypted-address"),
        ("https://ada:secret@models.example.org/v1", "secret-in-address"),
        ("ftp://models.example.org", "bad-address"),
        ("https://models.example.org/v1?key=1", "bad-address"),
        ("https://[::1", "bad-address"),
        ("models.example.org", "bad-address"),
    ],
)
def test_an_address_that_would_show_items_or_secrets_is_refused(address: str, slug: str) -> None:
    assert slugs(PLAIN.replace("https://models.example.org/v1", address)) == [slug]


def test_all_faults_are_told_at_once_and_a_near_name_is_offered() -> None:
    found = read_judge('name = "Not A Slug"\nmodle = "x"\nsamples = 0\nseed = true\nsignals = ["satire", "satire"]\n')
    assert isinstance(found, list)
    assert {fault.slug for fault in found} == {
        "unknown-key", "missing-key", "wrong-type", "out-of-range", "duplicate-entry",
    }  # fmt: skip
    assert "a judge has no key `modle`; did you mean `model`?" in {fault.words for fault in found}
    assert [fault.field for fault in found if fault.slug == "missing-key"] == ["endpoint", "model", "languages"]


@pytest.mark.parametrize(
    ("line", "slug"),
    [
        ('leave_out = ["messages"]', "unknown-value"),
        ('response_format = "prose"', "unknown-value"),
        ("temperature = nan", "wrong-type"),
        ("timeout_seconds = 100000", "out-of-range"),
        ('model2 = "\\u0007"', "unknown-key"),
    ],
)
def test_a_value_out_of_bounds_is_named(line: str, slug: str) -> None:
    assert slugs(PLAIN + line) == [slug]


def test_what_is_no_toml_or_no_text_is_a_fault_and_no_crash(tmp_path: Path) -> None:
    assert slugs("= 1") == ["malformed-toml"]
    assert slugs("a = " + "[" * 5000) == ["malformed-toml"]
    path = tmp_path / "judge.toml"
    assert [fault.slug for fault in load_judge(path)] == ["unreadable-file"]  # type: ignore[union-attr]
    path.write_bytes(b"\xff")
    assert [fault.slug for fault in load_judge(path)] == ["invalid-utf-8"]  # type: ignore[union-attr]
    path.write_bytes(b"#" * 70_000)
    assert [fault.slug for fault in load_judge(path)] == ["file-too-large"]  # type: ignore[union-attr]


@pytest.mark.parametrize("number", ["0x" + "f" * 400, "9" * 5_000, "nan", "inf"])
def test_a_number_without_end_is_a_fault(number: str) -> None:
    assert slugs(f"{PLAIN}timeout_seconds = {number}\n")[0] in ("wrong-type", "malformed-toml")


@pytest.mark.parametrize("file", ["../accuracy.json", "/tmp/accuracy.json", "..", ".bashrc", "judge.toml", "a/b.json"])
def test_what_was_measured_is_written_beside_the_judge_and_nowhere_else(file: str) -> None:
    assert slugs(f'{PLAIN}accuracy = "{file}"\n') == ["wrong-type"]


def test_a_token_in_the_place_of_its_name_is_not_repeated() -> None:
    found = read_judge(f'{PLAIN}token_env = "sk-hush-hush"\n')
    assert isinstance(found, list)
    assert [fault.slug for fault in found] == ["wrong-type"]
    assert "hush" not in repr(found)
