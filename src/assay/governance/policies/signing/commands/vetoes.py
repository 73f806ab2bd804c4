"""Legal stops a change, and lets it go again. Nobody else does either."""

from __future__ import annotations

from datetime import datetime

from assay.engine.kernel.errors import Fault
from assay.governance.ledger.commands import append
from assay.governance.office.actor import Actor
from assay.governance.office.operations import command
from assay.governance.office.roles import Role
from assay.governance.people.models import Person
from assay.governance.policies.life.drafts import hold
from assay.governance.policies.life.models import Change
from assay.governance.policies.life.stages import BEFORE_LAUNCH, Stage
from assay.governance.policies.life.targets import target_of
from assay.governance.policies.signing.events import VetoLifted, VetoSet
from assay.governance.policies.signing.models import WORDS_LONGEST, Veto

LEGAL = frozenset({Role.LEGAL})
STOPPABLE = (*BEFORE_LAUNCH, Stage.LAUNCH)


@command("policies.set-veto", words="stop a change with a legal veto", roles=LEGAL, target=target_of)
def set_veto(*, change: Change, words: str, by: Actor, at: datetime) -> Veto | list[Fault]:
    """Whatever stage it is in, until all of it is in force; with the reason."""
    change = hold(change)
    faults = _faults_of_words(words, "say which law or duty stands against it: others have to mend it")
    if change.at_stage not in STOPPABLE:
        words_of_stage = change.at_stage.words.lower()
        faults.append(Fault("too-late", f"the change is `{words_of_stage}`; what decides is rolled back instead"))
    if change.vetoes.filter(lifted_at=None).exists():
        faults.append(Fault("stopped-already", "a veto stands already; one is enough"))
    if faults:
        return faults
    veto = Veto.objects.create(change=change, words=words.strip(), by=Person.of(by.who), at=at)
    append(VetoSet(veto.reference), subject=change.reference, by=by, at=at)
    return veto


@command("policies.lift-veto", words="lift a legal veto", roles=LEGAL, target=target_of)
def lift_veto(*, change: Change, words: str, by: Actor, at: datetime) -> Veto | list[Fault]:
    """With the reason; not by those whose work the change is."""
    change = hold(change)
    veto = change.vetoes.select_for_update().filter(lifted_at=None).first()
    faults = _faults_of_words(words, "say what has changed since, so that the veto can go")
    if by.hands & change.hands:
        faults.append(Fault("own-work", "this change is your own work; another of legal has to lift the veto"))
    if veto is None:
        faults.append(Fault("no-veto", "no veto stands; nothing is to be lifted"))
    if faults or veto is None:
        return faults
    veto.lifted_at, veto.lifted_by, veto.lifted_words = at, Person.of(by.who), words.strip()
    veto.save(update_fields=["lifted_at", "lifted_by", "lifted_words"])
    append(VetoLifted(veto.reference), subject=change.reference, by=by, at=at)
    return veto


def _faults_of_words(words: str, wanted: str) -> list[Fault]:
    if not words.strip():
        return [Fault("no-words", wanted, "words")]
    if len(words) > WORDS_LONGEST:
        return [Fault("too-long", f"the words are longer than {WORDS_LONGEST} characters; cut them", "words")]
    return []
