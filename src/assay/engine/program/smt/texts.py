"""A text that passes some tests and fails others. Where none is easily found it gives up; it is never a wrong one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from assay.engine.program.core import Among, Atom, TextTest

# Characters to fill up with; a test that one of them would pass by accident fails with the next.
_FILLERS = ("x", " ", "-", "0", "q", "\N{MIDDLE DOT}")


def text_that(wanted: Mapping[Atom, bool], fits: Callable[[int], bool], size: int) -> str | None:
    """A text that answers every test as wanted and has a length that fits; None where none was found.

    size  a length that fits, tried where shorter ones do not
    """
    equal = [next(iter(atom.test.values)) for atom, said in wanted.items() if said and isinstance(atom.test, Among)]
    if equal:
        return _passing([str(equal[0])], wanted, fits)
    begins, ends, inside = (_parts(wanted, function) for function in ("startsWith", "endsWith", "contains"))
    # The longest beginning has the others in it, since texts that could not be so were ruled out before.
    begin, end = max(begins, key=len, default=""), max(ends, key=len, default="")
    middle = [part for part in inside if part not in begin and part not in end]
    candidates = ["", begin] if begin == end else []
    # The beginning and the end may share characters.
    candidates += [begin + end[shared:] for shared in range(1, len(end) + 1) if begin.endswith(end[:shared])]
    for filler in _FILLERS:
        lead = "" if begin else filler
        base = lead + filler.join(part for part in [begin, *middle] if part)
        candidates.append(base.removeprefix(lead) + end)
        shortest = len(base) + len(end)
        candidates += [base + filler * room + end for room in (0, 1, 2, 3, max(0, size - shortest))]
    return _passing(candidates, wanted, fits)


def _parts(wanted: Mapping[Atom, bool], function: str) -> list[str]:
    tests = (atom.test for atom, said in wanted.items() if said)
    return [test.part for test in tests if isinstance(test, TextTest) and test.function == function]


def _passing(candidates: list[str], wanted: Mapping[Atom, bool], fits: Callable[[int], bool]) -> str | None:
    for text in candidates:
        passes = all(
            isinstance(atom.test, Among | TextTest) and atom.test.holds(text) == said for atom, said in wanted.items()
        )
        if passes and fits(len(text)):
            return text
    return None
