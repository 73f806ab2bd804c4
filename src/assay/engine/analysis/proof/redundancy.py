"""Rules that can never hold, that lose all they have to exceptions, or that add nothing. It never drops one."""

from __future__ import annotations

from collections.abc import Iterator

from assay.engine.analysis.proof.adding import Adding
from assay.engine.analysis.proof.claim import Settled, undecided, weight_of
from assay.engine.analysis.proof.finding import Checked, Finding, Kind
from assay.engine.analysis.situations.search import Search
from assay.engine.analysis.situations.world import World
from assay.engine.language.meaning import scopes_of
from assay.engine.language.pack.policy import Exemption, Rule
from assay.engine.language.phrases import named_words
from assay.engine.program.core import Among, Atom, InRollout, Node
from assay.engine.program.lower import lower_condition
from assay.engine.program.smt.formula import Formula, Not, Situation, every, some, true
from assay.engine.program.smt.solver import Impossible, Possible, Undecided


def own_condition(world: World, place: int) -> Formula:
    """That a rule's `when` and scope hold, whatever `unless` and exceptions say."""
    return every((world.active(place), *(true(node) for node in _own_nodes(world.rules[place].rule, world))))


def _own_nodes(rule: Rule, world: World) -> list[Node]:
    nodes = [lower_condition(rule.when.expression, world.pack.vocabulary)]
    nodes += [Atom(Among(signal, frozenset(one.name for one in named))) for signal, named in scopes_of(rule) if named]
    if rule.rollout < 1.0:
        nodes.append(Atom(InRollout(rule.ref, rule.rollout)))
    return nodes


def live_rules(world: World, search: Search) -> Iterator[tuple[int, Settled]]:
    """Whether each rule can ever hold; with a situation in which it does, or the finding that it cannot."""
    for place, lowered in enumerate(world.rules):
        rule = lowered.rule
        if world.is_over(place):
            words = "its time is over"
            yield place, Settled(Checked(Kind.DEAD_RULE, (rule.ref,), f"Rule {rule.ref} can hold.", "proved", words))
            continue
        answer = search.find(world.true(place), f"alive:{rule.ref}", shown=False)
        title = f"Rule {rule.ref} can hold."
        if isinstance(answer, Possible):
            yield place, Settled(Checked(Kind.DEAD_RULE, (rule.ref,), title, "proved"), None, answer.situation)
        elif isinstance(answer, Undecided):
            yield place, undecided(Kind.DEAD_RULE, (rule.ref,), title, rule.span, answer)
        else:
            yield place, _dead(place, world, search)


def _dead(place: int, world: World, search: Search) -> Settled:
    """Why a rule can never hold: its own condition, its `unless`, or exceptions."""
    rule, title = world.rules[place].rule, f"It is known why rule {world.rules[place].rule.ref} can never hold."
    own = own_condition(world, place)
    bare = search.find(own, f"bare:{rule.ref}", shown=False)
    if isinstance(bare, Undecided):
        return undecided(Kind.DEAD_RULE, (rule.ref,), title, rule.span, bare)
    if isinstance(bare, Impossible):
        words = f"`{rule.ref}` can never hold: {_why_dead(place, world)}"
        hint = "mend the condition, or leave the rule out: while it stands, people are asked questions for nothing"
        return _found(Kind.DEAD_RULE, rule, words, hint)
    if rule.unless is not None:
        spared = every((own, Not(world.possibly(rule.unless.expression))))
        left = search.find(spared, f"spared:{rule.ref}", shown=False)
        if isinstance(left, Undecided):
            return undecided(Kind.SWALLOWED_RULE, (rule.ref,), title, rule.span, left)
        if isinstance(left, Impossible):
            words = f"`{rule.ref}` can never hold: its `unless` is so wherever its condition is"
            return _found(Kind.SWALLOWED_RULE, rule, words, "narrow the `unless`")
    named = named_words(found.ref for found in _swallowing(rule, own, world, search))
    words = f"`{rule.ref}` can never hold: {named} excuse{'s' if ' ' not in named else ''} all that it is about"
    return _found(Kind.SWALLOWED_RULE, rule, words, "narrow the exception, or let it reach other rules only")


def _why_dead(place: int, world: World) -> str:
    lowered = world.rules[place]
    if lowered.markets is not None and not lowered.markets:
        return "it holds in no market"
    return "it is rolled out to no item" if lowered.rule.rollout <= 0 else "its conditions contradict each other"


def _swallowing(rule: Rule, own: Formula, world: World, search: Search) -> list[Exemption]:
    """The exceptions without which the rule could hold; all of them where no single one is to blame."""
    reaching = world.pack.exceptions_of[rule.ref]
    unless = [] if rule.unless is None else [Not(world.possibly(rule.unless.expression))]
    alone = [
        found
        for found in reaching
        if isinstance(
            search.find(
                every((own, *unless, Not(world.possibly(found.when.expression)))),
                f"excused:{rule.ref}:{found.ref}",
                shown=False,
            ),
            Impossible,
        )
    ]
    return alone or list(reaching)


def _found(kind: Kind, rule: Rule, words: str, hint: str) -> Settled:
    title = f"Rule {rule.ref} can hold."
    finding = Finding(kind, (rule.ref,), words, rule.span, hint, weight=weight_of(kind))
    return Settled(Checked(kind, (rule.ref,), title, "refuted"), finding)


# ------------------------------------------------------------------ undermined


def undermined_rules(world: World, search: Search) -> Iterator[Settled]:
    """Rules that bar exceptions, yet give way through their own `unless` wherever some exception of the pack holds."""
    for place, lowered in enumerate(world.rules):
        rule = lowered.rule
        if not rule.no_exception or rule.unless is None or world.is_over(place):
            continue
        title = f"Rule {rule.ref} bars exceptions and does not give way to one by its `unless`."
        yield next(
            (found for found in (_undermined(place, one, world, search) for one in world.pack.exceptions) if found),
            Settled(Checked(Kind.UNDERMINED_RULE, (rule.ref,), title, "proved")),
        )


def _undermined(place: int, exception: Exemption, world: World, search: Search) -> Settled | None:
    rule = world.rules[place].rule
    if not world.pack.can_read(rule.subject, exception.when):
        return None
    excused = world.condition(exception.when.expression)
    own = every((own_condition(world, place), excused))
    name = f"{rule.ref}:{exception.ref}"
    meets = search.find(own, f"meets:{name}")
    title = f"Rule {rule.ref} does not give way to {exception.ref} by its `unless`."
    if isinstance(meets, Undecided):
        return undecided(Kind.UNDERMINED_RULE, (rule.ref,), title, rule.span, meets)
    if not isinstance(meets, Possible):
        return None
    stands = search.find(every((world.true(place), excused)), f"stands:{name}", shown=False)
    if isinstance(stands, Undecided):
        return undecided(Kind.UNDERMINED_RULE, (rule.ref,), title, rule.span, stands)
    if isinstance(stands, Possible):
        return None
    words = f"`{rule.ref}` bars exceptions, yet its own `unless` gives way wherever `{exception.ref}` holds"
    hint = "take that out of the `unless`, or drop `no_exception`"
    shown = (search.witness(meets.situation, shows=f"{rule.ref} does not hold"),)
    subjects = (rule.ref, exception.ref)
    finding = Finding(Kind.UNDERMINED_RULE, subjects, words, rule.span, hint, shown)
    return Settled(Checked(Kind.UNDERMINED_RULE, subjects, words, "refuted"), finding, meets.situation)


# -------------------------------------------------------------------- shadowed


def shadowed_rules(world: World, search: Search, alive: dict[int, Situation]) -> Iterator[Settled]:
    """Rules that impose nothing that others do not already.

    alive  by rule a situation in which it holds; others are dead, and said to be so
    """
    adding = Adding(world, search.filling)
    for place, situation in alive.items():
        rule = world.rules[place].rule
        title = f"Rule {rule.ref} adds something to what other rules impose."
        hints = (adding.guess(place, one) for one in (situation,))
        answer = search.find(_adds(place, world), f"adds:{rule.ref}", hints=hints, shown=False)
        if isinstance(answer, Undecided):
            yield undecided(Kind.SHADOWED_RULE, (rule.ref,), title, rule.span, answer)
        elif isinstance(answer, Possible):
            yield Settled(Checked(Kind.SHADOWED_RULE, (rule.ref,), title, "proved"))
        else:
            yield _shadowed(place, world, search)


def _adds(place: int, world: World) -> Formula:
    """That the rule imposes something for which no other rule, and no stronger step, stands in."""
    lowered = world.rules[place]
    return some(
        every((holds, _something_new(place, sorted({*measures}), world)))
        for holds, measures in ((world.true(place), lowered.then), (world.open(place), lowered.until_known))
    )


def _something_new(place: int, measures: list[int], world: World) -> Formula:
    return some(every((world.imposing(place, one), Not(_by_others(place, one, world)))) for one in measures)


def _by_others(place: int, measure: int, world: World) -> Formula:
    return some(world.done(step, without=place) for step in world.stronger(measure))


def _shadowed(place: int, world: World, search: Search) -> Settled:
    rule = world.rules[place].rule
    by = _shadowing(place, world, search)
    words = f"`{rule.ref}` imposes nothing that {named_words(by)} {'does' if len(by) == 1 else 'do'} not impose already"
    hint = "leave it out, or say what it is for: each rule that adds nothing is one more to read and to keep"
    finding = Finding(Kind.SHADOWED_RULE, (rule.ref,), words, rule.span, hint, weight=weight_of(Kind.SHADOWED_RULE))
    return Settled(Checked(Kind.SHADOWED_RULE, (rule.ref,), words, "refuted"), finding)


def _shadowing(place: int, world: World, search: Search) -> list[str]:
    """Rules that together leave nothing for this one to add, and without any of which something is left."""
    kept = _enough(place, world, search)
    for other in list(kept):
        fewer = [one for one in kept if one != other]
        name = f"left:{world.rules[place].rule.ref}:-{other}"
        if isinstance(search.find(_left_by(place, fewer, world), name, shown=False), Impossible):
            kept = fewer
    return [world.rules[other].rule.ref for other in sorted(kept)]


def _enough(place: int, world: World, search: Search) -> list[int]:
    """Rules that leave nothing for this one to add, as the solver blames them; all, where it does not."""
    kept: set[int] = set()
    for measure in sorted({*world.rules[place].then}):
        steps = set(world.stronger(measure))
        others = [
            other
            for other, found in enumerate(world.rules)
            if other != place and steps & {*found.then, *found.until_known}
        ]
        left = [Not(some(world.done_by(other, step) for step in sorted(steps))) for other in others]
        blamed = search.blamed(every((world.true(place), world.imposing(place, measure))), left)
        kept |= set(others) if blamed is None else {others[number] for number in blamed}
    return sorted(kept)


def _left_by(place: int, others: list[int], world: World) -> Formula:
    """That a rule holds and these others leave something of it undone."""
    left = some(
        every(
            (
                world.imposing(place, one),
                *(Not(world.done_by(other, step)) for other in others for step in world.stronger(one)),
            )
        )
        for one in sorted({*world.rules[place].then})
    )
    return every((world.true(place), left))
