"""`assay bundle`: from a pack to a channel and back, as a person does it; each refusal by its name and its number."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.interfaces import small
from tests.interfaces.running import Run, assay


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("ASSAY_KEY_PASSPHRASE", "ASSAY_CHANNEL_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    assert assay("bundle", "keygen", "ada", "-o", "ada.key").code == 0
    Path("keys").mkdir()
    Path("ada.pub").rename("keys/ada.pub")


def built(version: str = "1.0.0", *changes: dict[str, tuple[str, str]], name: str = "") -> Path:
    path = Path(name or f"{version}.json")
    numbered = {"pack.yaml": ("version: 1.0.0", f"version: {version}")}
    assert assay("bundle", "build", small.write(Path(f"pack-{path.stem}"), numbered, *changes), "-o", path).code == 0
    return path


def sign(path: Path, *words: str) -> Run:
    return assay("bundle", "sign", path, "--key", "ada.key", "--as-of", small.DAY, *words)


def push(path: Path, *words: str) -> Run:
    return assay("bundle", "push", "channel", path, "--key", "ada.key", "--by", "ada", *words)


def status() -> dict[str, object]:
    run = assay("bundle", "status", "channel", "--keys", "keys", "--json")
    assert run.code == 0, run.err
    found: dict[str, object] = json.loads(run.out)
    return found


def test_a_key_has_a_private_half_for_one_and_a_public_half_for_all() -> None:
    assert Path("ada.key").stat().st_mode & 0o777 == 0o600
    again = assay("bundle", "keygen", "ada", "-o", "ada.key")
    assert (again.code, "key-exists" in again.err) == (2, True)
    assert "PRIVATE" not in again.out + again.err


def test_signed_verified_and_told() -> None:
    path = built()
    run = assay("bundle", "verify", path, "--keys", "keys")
    assert (run.code, run.err) == (1, f"{path}: unsigned-bundle: nobody signed it; `assay bundle sign` does\n")
    run = sign(path)
    assert run.code == 0
    assert "0 errors" in run.out
    run = assay("bundle", "verify", path, "--keys", "keys")
    assert run.code == 0
    assert run.out.startswith("ada: ")
    assert "signature" in run.out.splitlines()[-1]
    assert assay("bundle", "verify", path, "--keys", "keys", "--signatures", "2").code == 1


def test_what_does_not_hold_is_signed_only_with_a_reason_that_everybody_reads() -> None:
    # What is disclosed is no longer removed, which leaves a gap that no example shows.
    told = {small.POLICY: ("nudity: yes, consent: absent}", "nudity: yes, consent: absent, disclosed: no}")}
    path = built("1.0.0", small.NARROWED, told)
    run = sign(path)
    assert run.code == 1
    assert "unproved-bundle" in run.err
    assert "signatures" not in json.loads(path.read_bytes())
    assert sign(path, "--unproved", "a takedown that cannot wait").code == 0
    run = assay("bundle", "verify", path, "--keys", "keys")
    assert (run.code, "a takedown that cannot wait" in run.out) == (0, True)
    assert sign(path, "--unproved", " ").code == 2


def test_a_way_through_a_channel_and_back() -> None:
    for version in ("1.0.0", "1.1.0", "1.2.0"):
        assert sign(built(version)).code == 0
    first = push(Path("1.0.0.json"), "--reason", "the first", "--name", "test")
    assert (first.code, "release 1" in first.out) == (0, True)
    assert push(Path("1.1.0.json"), "--as", "staged", "--share", "0.25").code == 0
    assert push(Path("1.2.0.json"), "--as", "shadow", "--share", "0.5").code == 0
    now = status()
    assert (now["channel"], now["sequence"], now["signer"], now["by"]) == ("test", 3, "ada", "ada")
    assert now["staged"] == {"bundle": json.loads(Path("1.1.0.json").read_bytes())["digest"], "share": 0.25}
    shown = assay("bundle", "status", "channel", "--keys", "keys")
    assert (shown.code, "25.00%" in shown.out, "50.00%" in shown.out) == (0, True, True)
    assert assay("bundle", "withdraw", "channel", "shadow", "--key", "ada.key").code == 0
    assert status()["shadow"] is None
    assert push(Path("1.1.0.json")).code == 0
    back = assay("bundle", "rollback", "channel", "--key", "ada.key", "--reason", "too many labels", "--by", "bo")
    assert back.code == 0
    now = status()
    assert (now["sequence"], now["reason"], now["by"]) == (6, "too many labels", "bo")
    assert now["current"] == json.loads(Path("1.0.0.json").read_bytes())["digest"]
    again = assay("bundle", "rollback", "channel", "--key", "ada.key")
    assert (again.code, "no-former-bundle" in again.err) == (1, True)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--as", "staged"), 2, "--share"),
        (("--share", "0.5"), 2, "--share"),
        (("--as", "shadow", "--share", "0"), 2, "bad-share"),
        (("--as", "shadow", "--share", "nan"), 2, "bad-share"),
        (("--as", "shadow", "--share", "0.5"), 1, "no-release"),
        (("--name", "Not A Name"), 2, "bad-name"),
        (("--expires", "2020-01-01"), 2, "no date to come"),
        (("--expires", "soon"), 2, "no date to come"),
        (("--keys", "nowhere"), 2, "no-keys"),
    ],
)
def test_a_push_used_wrongly_says_so_and_writes_nothing(words: tuple[str, ...], code: int, said: str) -> None:
    path = built()
    sign(path)
    run = push(path, *words)
    assert run.code == code, run.err
    assert said in run.err
    assert not Path("channel/release.json").exists()


def test_a_release_that_was_changed_is_shown_to_nobody_as_true() -> None:
    path = built()
    sign(path)
    push(path)
    release = Path("channel/release.json")
    release.write_bytes(release.read_bytes().replace(b'"by":"ada"', b'"by":"eve"'))
    run = assay("bundle", "status", "channel", "--keys", "keys")
    assert (run.code, "bad-signature" in run.err, "eve" in run.out) == (1, True, False)


def test_a_key_may_be_guarded_by_a_passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAY_KEY_PASSPHRASE", "a long one")
    assert assay("bundle", "keygen", "bo", "-o", "bo.key").code == 0
    path = built()
    signed = assay("bundle", "sign", path, "--key", "bo.key", "--as-of", small.DAY)
    assert signed.code == 0
    monkeypatch.delenv("ASSAY_KEY_PASSPHRASE")
    refused = assay("bundle", "sign", path, "--key", "bo.key", "--as-of", small.DAY)
    assert (refused.code, "bad-passphrase" in refused.err) == (2, True)
    assert "a long one" not in signed.out + signed.err + refused.err


def test_control_characters_of_a_stranger_do_not_reach_the_terminal() -> None:
    path = built()
    sign(path)
    push(path, "--reason", "fine\x1b[2J\nforged line")
    shown = assay("bundle", "status", "channel", "--keys", "keys")
    assert shown.code == 0
    assert "\x1b[2J" not in shown.out
    assert "\nforged line" not in shown.out


def test_an_unsound_bundle_is_not_signed() -> None:
    from assay.interfaces.packs.bundles import bundle_of_texts

    files = {name: text.replace("consent ==", "consnt ==") for name, text in small.FILES.items()}
    Path("bad.json").write_bytes(bundle_of_texts(files))
    run = sign(Path("bad.json"))
    assert run.code == 1
    assert "unknown-signal" in run.out
    assert "signatures" not in json.loads(Path("bad.json").read_bytes())
