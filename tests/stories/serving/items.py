"""Items of every sort as lines of JSON, for holding the ways in to one another. It knows nothing of what is decided."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator

from assay.engine.decision.item import Item, write_item
from assay.engine.language.pack.pack import Pack
from benchmarks.material.starter import items_as_uploaded, items_known, items_with_gaps

AS_OF = "2026-12-15T10:00:00Z"
MARKETS = ("BR", "EU", "KR")
COUNT = 300

_NAMES = (
    "é",
    "e\u0301",
    "مرحبا",
    "日本語",
    "🎭👩‍👩‍👧",
    "\u202eright to left",
    "two\nlines",
    "tab\tand \u0001 control",
    "nul\u0000inside",
    'quotes " and \\ strokes',
    "</script>\u2028\u2029",
    "%2e%2e/../etc",
    " spaces ",
    "-",
    "null",
    "0",
    "x" * 512,
    "ÿ" * 512,
    "a.b*c>d",
    "\ufeffmark",
)
_NUMBERS = ("0", "0.0", "-0.0", "-0", "1", "1.0", "1E0", "1e-7", "5e-324", "0.1", "0.30000000000000004", "9.5E-2")
_COUNTS = ("0", "3", "3.0", "3e0", "30E-1", "1000000", "1e6", "-0.0")
_COPIES = ("0.001", "0.0009999999999999999", "1e9", "1000000001.5", "123456789.123456789", "2.50", "9007199254740991")
_TIMES = ("1h", "36h", "9600h", "24h0m", "90m")
_BY_MARKET: tuple[dict[str, object], ...] = (
    {"legal_order": {"BR": "valid", "*": "none"}},
    {"legal_order": {"*": "unclear"}, "order_subject": {"DE": "terrorist_content", "BR": "fraud"}},
    {"illegality_notice": {"KR": "evident", "DE": None}},
    {"illegality_notice": {}},
    {"election.days_to": {"KR": 30.0, "BR": 3}, "election.phase": {"KR": "blackout"}},
)
_DISAGREEING = (
    ("person.consent", ("absent", "documented")),
    ("ai_extent", ("generated", "none")),
    ("intimacy", ("nude", "suggestive")),
    ("technique", (["voice_clone", "lip_sync"], ["face_swap"])),
)


def lines_of_all_sorts(pack: Pack) -> list[bytes]:
    """Records, each with an id of its own, as different writers of JSON would write them."""
    found = [
        *_drawn(items_known(pack, 60, 11), pack),
        *_drawn(items_with_gaps(pack, 80, 12), pack),
        *_drawn(items_as_uploaded(pack, 40, 13), pack),
        *_named(),
        *_numbered(),
        *_scoped(),
        *_asserted(),
        *_about_accounts(items_with_gaps(pack, 16, 14), pack),
    ]
    found += _drawn(items_with_gaps(pack, COUNT - len(found), 15), pack)
    return found


def asking(line: bytes) -> bytes:
    """A line that says itself for which markets and as at when."""
    own = json.dumps({"markets": MARKETS, "as_of": AS_OF})
    return line.rstrip()[:-1] + b"," + own.encode()[1:]


def _drawn(items: list[Item], pack: Pack) -> Iterator[bytes]:
    """Keys in any order, with spaces or without, escaped or not, unknowns left out or said."""
    chance = random.Random(1)
    unknown = {signal.name: None for signal in pack.vocabulary.signals}
    for place, item in enumerate(items):
        record = write_item(item, pack.vocabulary)
        signals = record["signals"]
        assert isinstance(signals, dict)
        shuffled = list(({**unknown, **signals} if place % 3 == 0 else signals).items())
        chance.shuffle(shuffled)
        record = {"signals": dict(shuffled), "id": record["id"]}
        spaces = (",", ":") if place % 2 else (" , ", " : ")
        yield json.dumps(record, ensure_ascii=place % 5 == 0, separators=spaces).encode()


def _named() -> Iterator[bytes]:
    for place, name in enumerate(_NAMES):
        signals = {"ai_extent": "generated", "generator": name[:40]}
        yield json.dumps({"id": name, "signals": signals}, ensure_ascii=place % 2 == 0).encode()


def _numbered() -> Iterator[bytes]:
    fields = {
        "detector.score": _NUMBERS,
        "account.undisclosed_90d": _COUNTS,
        "account.near_copies_per_day": _COPIES,
        "account.age": tuple(f'"{text}"' for text in _TIMES),
    }
    for name, texts in fields.items():
        for text in texts:
            signals = f'{{"ai_extent":"altered","{name}":{text}}}'
            yield f'{{"id":{json.dumps(f"{name} {text}")},"signals":{signals}}}'.encode()


def _scoped() -> Iterator[bytes]:
    for place, signals in enumerate(_BY_MARKET):
        content = {"id": f"scoped-{place}", "signals": {"ai_extent": "generated", "realism": "realistic", **signals}}
        yield json.dumps(content).encode()
    yield b'{"id":"bare"}'
    yield b'{"id":"empty","signals":{},"assertions":[],"subject":"item"}'
    yield b'{"id":"nothing","signals":null,"assertions":null,"subject":null}'
    yield b'{"id":"again","signals":{"technique":["lip_sync","face_swap","lip_sync"],"context_kind":[]}}'


def _asserted() -> Iterator[bytes]:
    for place in range(24):
        assertions: list[dict[str, object]] = []
        for signal, values in _DISAGREEING[: 1 + place % 4]:
            for number, value in enumerate(values):
                by = ("reviewer", "evidence", "uploader")[(place + number) % 3]
                beside = {"confidence": 0.9, "at": "2026-11-20T10:00:00Z"} if place % 2 else {}
                source = f"{by}:{number} é"
                if by != "uploader" or signal != "person.consent":
                    assertions.append({"signal": signal, "value": value, "by": by, "source": source, **beside})
        signals = {"realism": "realistic"} if place % 5 else {}
        yield json.dumps({"assertions": assertions, "id": f"asserted-{place}", "signals": signals}).encode()


def _about_accounts(items: list[Item], pack: Pack) -> Iterator[bytes]:
    for place, item in enumerate(items):
        record = write_item(item, pack.vocabulary)
        yield json.dumps({**record, "id": f"{item.id} account", "subject": ("account", "campaign")[place % 2]}).encode()
