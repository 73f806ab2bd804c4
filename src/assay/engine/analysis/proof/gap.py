"""Items with a declared harm that no rule acts on, and removals that a label would lift. It mends neither."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from assay.engine.analysis.proof.claim import Claim, always
from assay.engine.analysis.proof.finding import Kind
from assay.engine.analysis.situations.world import World
from assay.engine.kernel.values import MaybeValue, Value
from assay.engine.language.pack.promises.harms import Harm
from assay.engine.program.core import Among, Atom, Members
from assay.engine.program.smt.formula import Formula, Known, Not, Situation, every, some, true


def gap_claims(world: World) -> Iterator[Claim]:
    """For each declared harm at or above the pack's level: that some rule acts on it, or may."""
    harms = world.pack.harms
    for harm in harms.harms:
        if harm.severity >= harms.level:
            for subject in world.subjects_of([harm.when.expression]):
                yield _gap(harm, subject, world)


def _gap(harm: Harm, subject: str, world: World) -> Claim:
    index = world.pack.measures.index
    places = [index[named.name] for named in harm.answered_by] or list(range(len(index)))
    nothing = every(Not(world.conceivable(place)) for place in places)
    wanted = ", ".join(f"`{named.name}`" for named in harm.answered_by)
    done = f"none of {wanted} is imposed" if harm.answered_by else "nothing is done"
    return Claim(
        kind=Kind.GAP,
        subjects=(harm.id,),
        title=f"Wherever “{harm.title}” is declared, some rule acts.",
        span=harm.span,
        violation=every((world.stage.of_subject(subject), world.condition(harm.when.expression), nothing)),
        words=lambda _: f"`{harm.id}` ({harm.severity}) is declared of an item, and {done}",
        shows=lambda _: (done,),
        hint="widen a rule to it, or say in `when` what is meant",
    )


def cure_claims(world: World) -> Iterator[Claim]:
    """For each measure that a label must not lift: that no label lifts it."""
    cure = world.pack.measures.label_never_cures
    if cure is None:
        return
    apart = frozenset((*cure.undisclosed, *cure.disclosed))
    signals = [world.condition(cure.when.expression)] if cure.when is not None else []
    # An item that reads nothing of the label is the same before and after.
    stated = every((_stated(cure.undisclosed, world, 0), _stated(cure.disclosed, world, 1), *signals))
    for named in cure.measures:
        place = world.pack.measures.index[named.name]
        lifted = every((world.certain(place, 0), Not(_still(place, world))))
        yield Claim(
            kind=Kind.LABEL_CURES,
            subjects=(named.name,),
            title=f"A label never lifts {named.name}.",
            span=cure.span,
            violation=every((stated, _same_subject(world), lifted)),
            words=always(f"`{named.name}` is imposed on an item undisclosed, and not once it is labelled"),
            shows=_both_sides(named.name),
            hint="take the disclosure out of the rule's condition, or say in `label_never_cures` what is meant",
            apart=apart,
        )


def _both_sides(name: str) -> Callable[[Situation], tuple[str, ...]]:
    return lambda _: (f"undisclosed: {name} is imposed", f"labelled: {name} is not imposed")


def _still(place: int, world: World) -> Formula:
    """That the labelled item meets the measure, or a stronger one, or may yet."""
    return some(world.conceivable(step, 1) for step in world.stronger(place))


def _same_subject(world: World) -> Formula:
    return some(world.stage.of_subject(subject) for subject in world.subjects)


def _stated(given: Mapping[str, MaybeValue], world: World, point: int) -> Formula:
    return every(
        every((Known(name, point), _equal(name, value, world, point)))
        for name, value in given.items()
        if value is not None
    )


def _equal(name: str, value: Value, world: World, point: int) -> Formula:
    if not isinstance(value, frozenset):
        return true(Atom(Among(name, frozenset((value,)))), point)
    members = world.pack.vocabulary.by_name[name].value_names
    return every(
        true(Atom(Members(name, "any", frozenset((one,))), negated=one not in value), point) for one in members
    )


def cure_nodes(world: World) -> list[Atom]:
    """The atoms that the claims on labels add to those of the rules."""
    cure = world.pack.measures.label_never_cures
    if cure is None:
        return []
    found: list[Atom] = []
    for given in (cure.undisclosed, cure.disclosed):
        for name, value in given.items():
            if isinstance(value, frozenset):
                members = world.pack.vocabulary.by_name[name].value_names
                found += [Atom(Members(name, "any", frozenset((one,)))) for one in members]
            elif value is not None:
                found.append(Atom(Among(name, frozenset((value,)))))
    return found
