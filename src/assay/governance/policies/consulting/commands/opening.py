"""A consultation is opened, extended and closed. It moves no change and edits no text."""

from __future__ import annotations

from datetime import datetime

from assay.engine.kernel.errors import Fault
from assay.governance.ledger.commands import append
from assay.governance.ledger.events import Digest
from assay.governance.office.actor import Actor
from assay.governance.office.operations import command
from assay.governance.policies.consulting.commands.holding import hold, writer
from assay.governance.policies.consulting.events import ConsultationClosed, ConsultationExtended, ConsultationOpened
from assay.governance.policies.consulting.models import Consultation
from assay.governance.policies.consulting.rules import words as limits
from assay.governance.policies.consulting.rules.asking import Asking, faults_of_asking, faults_of_end, text_faults
from assay.governance.policies.consulting.rules.pieces import pieces_of
from assay.governance.policies.consulting.rules.redacting import complete
from assay.governance.policies.consulting.targets import CONSULTERS, consulted
from assay.governance.policies.life.drafts import hold as hold_change
from assay.governance.policies.life.models import Change, keep_text
from assay.governance.policies.life.stages import EDITABLE

_NOT_NOW = Fault(
    "not-editable", "views are asked for while the text can still be edited; send the change back to do so"
)
_NO_TEXT = Fault("no-draft", "the draft has no text of this policy; write it first")


@command("policies.open-consultation", words="ask people for their view of a draft", roles=CONSULTERS, target=consulted)
def open_consultation(*, change: Change, asking: Asking, by: Actor, at: datetime) -> Consultation | list[Fault]:
    """Lay the draft before people as it stands now; later edits do not reach those who are asked."""
    change = hold_change(change)
    if change.at_stage not in EDITABLE:
        return [_NOT_NOW]
    text = change.draft_files().get(change.path)
    if text is None:
        return [_NO_TEXT]
    pieces = pieces_of(text)
    faults = faults_of_asking(asking, len(pieces), at)
    if faults:
        return faults
    before = change.base.texts.get(change.path) if asking.shows_changes and change.base is not None else None
    last = change.consultations.order_by("-number").values_list("number", flat=True).first()
    withheld = sorted(complete(pieces, asking.withheld))
    if len(withheld) >= len(pieces):
        return [Fault("nothing-shown", "something of the draft has to be shown; withhold less", "withheld")]
    made = Consultation.objects.create(
        change=change,
        number=(last or 0) + 1,
        title=asking.title.strip(),
        question=asking.question.strip(),
        background=asking.background.strip(),
        digest=change.draft_digest or change.digest_now(),
        text=keep_text(text),
        before=None if before is None else keep_text(before),
        withheld=withheld,
        opened_at=at,
        opened_by=writer(by),
        closes_at=asking.closes_at,
    )
    happened = ConsultationOpened(change.reference, Digest(made.digest), asking.closes_at, len(withheld))
    append(happened, subject=made.reference, by=by, at=at)
    return made


@command("policies.extend-consultation", words="extend a consultation", roles=CONSULTERS, target=consulted)
def extend_consultation(
    *, consultation: Consultation, closes_at: datetime, by: Actor, at: datetime
) -> Consultation | list[Fault]:
    """Give more time, or open it once more; views may be given and changed until then."""
    held = hold(consultation)
    faults = faults_of_end(closes_at, at)
    if held.is_open(at) and closes_at <= held.closes_at:
        faults.append(Fault("no-longer", "choose a later date than now; to end it earlier, close it", "closes_at"))
    if held.change.at_stage not in EDITABLE:
        faults.append(_NOT_NOW)
    if faults:
        return faults
    held.closes_at, held.closed_at, held.closed_by, held.closed_words = closes_at, None, None, ""
    held.save(update_fields=["closes_at", "closed_at", "closed_by", "closed_words"])
    append(ConsultationExtended(closes_at), subject=held.reference, by=by, at=at)
    return held


@command("policies.close-consultation", words="close a consultation", roles=CONSULTERS, target=consulted)
def close_consultation(
    *, consultation: Consultation, words: str, by: Actor, at: datetime
) -> Consultation | list[Fault]:
    """End it before its date, with the reason."""
    held = hold(consultation)
    if not held.is_open(at):
        return [Fault("closed-already", "the consultation is over already; nothing was changed")]
    faults = text_faults(words, "words", "why it ends before its date", limits.SHORT_MOST)
    if faults:
        return faults
    held.closed_at, held.closed_by, held.closed_words = at, writer(by), words.strip()
    held.save(update_fields=["closed_at", "closed_by", "closed_words"])
    views = held.invitations.exclude(view=None).count()
    append(ConsultationClosed(views), subject=held.reference, by=by, at=at)
    return held
