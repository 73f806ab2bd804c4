"""What was proved before is asked no second time, and shows nothing of another version."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assay.engine.analysis.proof.finding import Proof
from assay.engine.analysis.proof.prove import prove
from assay.engine.analysis.situations.memory import Forgetful
from assay.engine.language.pack.pack import Pack
from tests.laws.proofs.reproducing import by_decider
from tests.laws.proofs.small.edits import edited
from tests.laws.proofs.small.packs import AS_OF, LATER, small_packs
from tests.laws.proofs.small.shown import shown
from tests.laws.proofs.test_witnesses import reproduced


def said(proof: Proof) -> list[tuple[object, ...]]:
    """What a proof says but for its witnesses, of which one is as good as another."""
    found = [(one.kind, one.subjects, one.weight, one.markets) for one in proof.findings]
    return [*found, *((one.check, one.subjects, one.outcome) for one in proof.checked)]


@given(small_packs(promises=True))
def test_a_pack_that_was_proved_is_asked_nothing_anew(pack: Pack) -> None:
    memory = Forgetful()
    first = prove(pack, AS_OF, memory=memory)
    again = prove(pack, AS_OF, memory=memory)
    assert again.findings == first.findings and again.checked == first.checked
    assert again.solved == 0 and again.reused > 0, f"{again.solved}\n{shown(pack)}"


@given(st.data())
def test_what_is_remembered_of_one_version_shows_nothing_in_the_next(data: st.DataObject) -> None:
    memory = Forgetful()
    pack = data.draw(small_packs(promises=True, most_rules=3))
    instant = AS_OF
    for _ in range(2):
        kept = prove(pack, instant, memory=memory)
        fresh = prove(pack, instant)
        assert said(kept) == said(fresh), shown(pack)
        for finding in kept.findings:
            reproduced(pack, finding, by_decider)
        pack = data.draw(edited(pack, most=1))
        instant = data.draw(st.sampled_from((AS_OF, LATER[0])))


@given(small_packs(promises=True, most_rules=3), small_packs(promises=True, most_rules=3))
def test_packs_that_share_a_memory_do_not_mix(one: Pack, other: Pack) -> None:
    memory = Forgetful()
    prove(one, AS_OF, memory=memory)
    assert said(prove(other, AS_OF, memory=memory)) == said(prove(other, AS_OF)), shown(other)
