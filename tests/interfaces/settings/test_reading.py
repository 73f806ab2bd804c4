"""Settings are read from a file, the environment and options; all that is wrong is said at once, no secret ever."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.kernel.errors import Fault
from assay.interfaces.settings.listing import Room, settings_of
from assay.interfaces.settings.reading import Settings, read_settings
from assay.interfaces.settings.setting import setting
from assay.interfaces.settings.values import shown


@dataclass(frozen=True, slots=True)
class Broker:
    """A table inside a table."""

    url: str = setting("Where it is.", "nats://127.0.0.1")
    password: str | None = setting("What it asks for.", None, secret=True)


@dataclass(frozen=True, slots=True)
class Kitchen:
    """A room of its own for these tests."""

    oven: int = setting("How hot.", 180, unit="degrees")
    timer: float = setting("How long.", 2.5, unit="seconds")
    gas: bool = setting("Whether it burns.", False)
    larder: Path | None = setting("Where food is.", None)
    cooks: tuple[str, ...] = setting("Who cooks.", ())
    mode: Literal["boil", "fry"] = setting("How.", "boil")
    broker: Broker = Broker()

    def faults(self) -> list[Fault]:
        """What is too hot."""
        return [Fault("out-of-range", "`oven` is at most 300 degrees", "oven")] if self.oven > 300 else []


@dataclass(frozen=True, slots=True)
class Cellar:
    """A room in which something must be set."""

    key: str = setting("What opens it.")


ROOMS = (Room("kitchen", Kitchen),)


def written(folder: Path, text: str) -> Path:
    file = folder / "assay.toml"
    file.write_text(text, encoding="utf-8")
    return file


def sound(found: Settings | list[Fault]) -> Settings:
    assert isinstance(found, Settings), found
    return found


def faults(found: Settings | list[Fault]) -> dict[str, str]:
    assert isinstance(found, list)
    return {f"{fault.slug} {fault.field}": fault.words for fault in found}


def test_without_anything_set_every_room_has_its_defaults() -> None:
    found = sound(read_settings(ROOMS, None, {}))
    assert found.of(Kitchen) == Kitchen()
    assert {value.origin for value in found.values} == {None}


def test_a_file_sets_every_type(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        """[kitchen]
oven = 200
timer = 3
gas = true
larder = "food"
cooks = ["ada", "bo"]
mode = "fry"
[kitchen.broker]
url = "nats://broker"
password = "sesame"
""",
    )
    found = sound(read_settings(ROOMS, file, {}))
    broker = Broker("nats://broker", "sesame")
    assert found.of(Kitchen) == Kitchen(200, 3.0, True, Path("food"), ("ada", "bo"), "fry", broker)
    assert {value.origin for value in found.values} == {str(file)}


def test_the_environment_goes_over_the_file_and_an_option_over_both(tmp_path: Path) -> None:
    file = written(tmp_path, "[kitchen]\noven = 1\ntimer = 1.0\ngas = false\n")
    environment = {
        "ASSAY_KITCHEN__OVEN": "2",
        "ASSAY_KITCHEN__TIMER": "2",
        "ASSAY_KITCHEN__GAS": "yes",
        "ASSAY_KITCHEN__COOKS": "ada, bo,",
        "ASSAY_KITCHEN__BROKER__URL": "nats://other",
        "ASSAY_KITCHEN__LARDER": "",
    }
    found = sound(read_settings(ROOMS, file, environment, {"kitchen.oven": 3}))
    kitchen = found.of(Kitchen)
    assert (kitchen.oven, kitchen.timer, kitchen.gas, kitchen.cooks) == (3, 2.0, True, ("ada", "bo"))
    assert (kitchen.larder, kitchen.broker.url) == (None, "nats://other")
    origins = {value.setting.place: value.origin for value in found.values}
    assert origins["kitchen.oven"] == "the command line"
    assert origins["kitchen.timer"] == "ASSAY_KITCHEN__TIMER"
    assert origins["kitchen.mode"] is None


def test_everything_wrong_is_said_at_once_with_its_place(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        """[kitchn]
[kitchen]
oven = "hot"
ovn = 3
gas = 1
timer = nan
mode = "boils"
cooks = "ada"
broker = 7
""",
    )
    said = faults(read_settings((*ROOMS, Room("cellar", Cellar)), file, {"ASSAY_KITCHEN__TIMR": "1"}))
    assert said["unknown-setting kitchn"].endswith("did you mean `kitchen`?")
    assert said["wrong-type kitchen.oven"] == (
        f"`{file}` [kitchen]: `oven` is a whole number (degrees), and `hot` is not"
    )
    assert said["unknown-setting kitchen.ovn"] == (
        f"there is no setting `ovn` in [kitchen] of `{file}`; did you mean `oven`?"
    )
    assert "`true` or `false`" in said["wrong-type kitchen.gas"]
    assert "finite" in said["wrong-type kitchen.timer"]
    assert "did you mean `boil`?" in said["wrong-type kitchen.mode"]
    assert "a list" in said["wrong-type kitchen.cooks"]
    assert "is a table; write [kitchen.broker]" in said["wrong-type kitchen.broker"]
    assert "did you mean `ASSAY_KITCHEN__TIMER`?" in said["unknown-setting ASSAY_KITCHEN__TIMR"]
    assert (
        said["missing-setting cellar.key"]
        == "`cellar.key` is not set; write it under [cellar], or set ASSAY_CELLAR__KEY"
    )
    assert len(said) == 10


@pytest.mark.parametrize(
    "line", ["oven = true", "oven = 180.0", "timer = true", "larder = 3", "cooks = [1]", "mode = 1"]
)
def test_a_value_of_another_type_is_never_made_to_fit(tmp_path: Path, line: str) -> None:
    name = line.partition(" ")[0]
    assert list(faults(read_settings(ROOMS, written(tmp_path, f"[kitchen]\n{line}\n"), {}))) == [
        f"wrong-type kitchen.{name}"
    ]


def test_what_a_room_finds_wrong_itself_is_named_with_its_table() -> None:
    said = faults(read_settings(ROOMS, None, {"ASSAY_KITCHEN__OVEN": "301"}))
    assert said == {"out-of-range kitchen.oven": "`oven` is at most 300 degrees"}


def test_tables_of_another_command_are_known_and_ask_for_nothing(tmp_path: Path) -> None:
    file = written(tmp_path, '[kitchen]\noven = 1\n[cellar]\nkey = "x"\n')
    beside = (Room("cellar", Cellar),)
    assert sound(read_settings(ROOMS, file, {}, beside=beside)).of(Kitchen).oven == 1
    assert sound(read_settings(ROOMS, None, {"ASSAY_CELLAR__KEY": "x"}, beside=beside)).of(Kitchen) == Kitchen()
    assert "unknown-setting cellar" in faults(read_settings(ROOMS, file, {}))


def test_variables_that_an_orchestrator_sets_for_a_service_of_our_name_are_left_alone() -> None:
    environment = {"ASSAY_KITCHEN_PORT": "tcp://10.0.0.1:80", "ASSAY_SERVICE_HOST": "10.0.0.1", "ASSAY_TRACEBACK": "1"}
    assert sound(read_settings(ROOMS, None, environment)).of(Kitchen) == Kitchen()


@pytest.mark.parametrize(
    "text",
    [
        'password = "sesame\n',
        "password = 5353\n",
        "[kitchen.broker]\npassword = 5353\n",
        '[kitchen.broker]\npasswort="5353"\n',
    ],
)
def test_a_secret_is_in_no_fault(tmp_path: Path, text: str) -> None:
    found = read_settings(ROOMS, written(tmp_path, text), {})
    assert isinstance(found, list)
    assert not [fault for fault in found if "sesame" in str(fault) or "5353" in str(fault)]


def test_a_secret_is_in_no_representation_of_the_settings() -> None:
    found = sound(read_settings(ROOMS, None, {"ASSAY_KITCHEN__BROKER__PASSWORD": "sesame"}))
    assert found.of(Kitchen).broker.password == "sesame"
    assert "sesame" not in repr(found)


def test_a_secret_may_stand_in_a_file_that_a_variable_names(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("sesame\n", encoding="utf-8")
    named = {"ASSAY_KITCHEN__BROKER__PASSWORD_FILE": str(tmp_path / "secret")}
    assert sound(read_settings(ROOMS, None, named)).of(Kitchen).broker.password == "sesame"
    twice = faults(read_settings(ROOMS, None, {**named, "ASSAY_KITCHEN__BROKER__PASSWORD": "x"}))
    assert list(twice) == ["set-twice kitchen.broker.password"]
    gone = {"ASSAY_KITCHEN__BROKER__PASSWORD_FILE": str(tmp_path / "gone")}
    assert list(faults(read_settings(ROOMS, None, gone))) == ["unreadable kitchen.broker.password"]
    assert faults(read_settings(ROOMS, None, {"ASSAY_KITCHEN__BROKER__URL_FILE": "x"})), "only secrets come by file"


@pytest.mark.parametrize(
    ("content", "slug"),
    [(b"[kitchen\n", "bad-settings"), (b"\xff\xfe", "bad-settings"), (b"#" * (1 << 20) + b"##", "unreadable")],
)
def test_a_file_that_cannot_be_read_is_a_fault(tmp_path: Path, content: bytes, slug: str) -> None:
    (tmp_path / "assay.toml").write_bytes(content)
    found = read_settings(ROOMS, tmp_path / "assay.toml", {})
    assert isinstance(found, list)
    assert [fault.slug for fault in found] == [slug]


def test_a_file_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    assert list(faults(read_settings(ROOMS, tmp_path / "gone.toml", {}))) == ["unreadable None"]


def test_every_variable_is_the_name_of_one_setting() -> None:
    variables = [setting.variable for setting in settings_of(ROOMS)]
    assert len(set(variables)) == len(variables) == 8


KITCHENS = st.builds(
    Kitchen,
    oven=st.integers(-(2**62), 300),
    timer=st.floats(allow_nan=False, allow_infinity=False),
    gas=st.booleans(),
    mode=st.sampled_from(("boil", "fry")),
    cooks=st.lists(st.sampled_from(("ada", "bo", "cy"))).map(tuple),
)


@given(KITCHENS)
def test_a_value_is_the_same_by_the_file_and_by_the_environment(kitchen: Kitchen) -> None:
    values: Mapping[str, object] = {name: getattr(kitchen, name) for name in ("oven", "timer", "gas", "mode", "cooks")}
    variables = {
        f"ASSAY_KITCHEN__{name.upper()}": ",".join(value) if isinstance(value, tuple) else str(value)
        for name, value in values.items()
    }
    assert sound(read_settings(ROOMS, None, variables)).of(Kitchen) == kitchen


def test_a_value_is_shown_as_the_file_has_it() -> None:
    assert [shown(value) for value in (None, True, 1_048_576, 2.5, ("a", "b"), Path("x"))] == [
        "",
        "true",
        "1_048_576",
        "2.5",
        "[a, b]",
        "x",
    ]
