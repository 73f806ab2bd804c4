"""Which clauses changed, and how: condition widened or narrowed, measures moved, prose reworded. It decides no item."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assay.engine.analysis.difference.change import ClauseEdit, Edit
from assay.engine.analysis.situations.search import Search
from assay.engine.analysis.situations.world import World
from assay.engine.kernel.span import Span
from assay.engine.language.document.markdown import lines_of
from assay.engine.language.pack.pack import Pack
from assay.engine.language.pack.policy import Exemption, Named, Policy, Rule
from assay.engine.language.phrases import enumerate_words, named_words
from assay.engine.program.core import Node, opposite
from assay.engine.program.lower import LoweredRule, lower_condition
from assay.engine.program.smt.formula import every, true
from assay.engine.program.smt.solver import Possible


@dataclass(frozen=True, slots=True)
class _Edits:
    """What was found of one clause: the edits, and each of them in words."""

    edits: list[Edit]
    words: list[str]

    def add(self, edit: Edit, words: str) -> None:
        if edit not in self.edits:
            self.edits.append(edit)
        self.words.append(words)


class Clauses:
    """Compares the clauses of two versions."""

    def __init__(self, old: World, new: World, search: Search) -> None:
        self.old, self.new, self.search = old, new, search

    def edits(self) -> Iterator[ClauseEdit]:
        """Every clause that is not as it was, in the order of the new version; those that are gone come last."""
        pairs = paired(self.old.rules, self.new.rules)
        before = {new.rule.ref: old for old, new in pairs}
        for lowered in self.new.rules:
            old = before.get(lowered.rule.ref)
            found = self._added(lowered) if old is None else self._changed(old, lowered)
            if found is not None:
                yield found
        kept = {old.rule.ref for old, _ in pairs}
        for lowered in self.old.rules:
            if lowered.rule.ref not in kept:
                yield self._removed(lowered)
        yield from self._exceptions()
        yield from _documents(self.old.pack, self.new.pack)

    # ------------------------------------------------------------------- rules

    def _added(self, lowered: LoweredRule) -> ClauseEdit:
        rule = lowered.rule
        words = f"added: it imposes {_measures(rule.then)}"
        text = clause_text(self.new.pack, rule.policy, rule.span)
        return ClauseEdit(rule.ref, rule.title, (Edit.ADDED,), words, "", text, rule.span, decides=True)

    def _removed(self, lowered: LoweredRule) -> ClauseEdit:
        rule = lowered.rule
        words = f"removed: it imposed {_measures(rule.then)}"
        text = clause_text(self.old.pack, rule.policy, rule.span)
        return ClauseEdit(rule.ref, rule.title, (Edit.REMOVED,), words, text, "", rule.span, decides=True)

    def _changed(self, old: LoweredRule, new: LoweredRule) -> ClauseEdit | None:
        found = _Edits([], [])
        if old.rule.ref != new.rule.ref:
            found.add(Edit.MOVED, f"it was `{old.rule.ref}`")
        self._condition(old.condition, new.condition, new.rule.ref, found)
        _imposed(old.rule, new.rule, found)
        _scope(old, new, found)
        _times(old.rule, new.rule, self.search.stage.epochs[0], found)
        decides = bool(found.edits) and (old.rule.ref == new.rule.ref or len(found.words) > 1)
        texts = (
            clause_text(self.old.pack, old.rule.policy, old.rule.span),
            clause_text(self.new.pack, new.rule.policy, new.rule.span),
        )
        if prose_of(texts[0]) != prose_of(texts[1]):
            found.add(Edit.REWORDED, "its text is reworded")
        elif not found.edits and texts[0] != texts[1]:
            found.add(Edit.REWORDED, "its examples or particulars are not as they were")
        if not found.edits:
            return None
        words = "; ".join(found.words)
        return ClauseEdit(
            new.rule.ref, new.rule.title, tuple(found.edits), words, *texts, new.rule.span, decides=decides
        )

    def _condition(self, old: Node, new: Node, name: str, found: _Edits) -> None:
        if old == new:
            return
        more = self.search.find(every((true(new), true(opposite(old)))), f"more:{name}")
        fewer = self.search.find(every((true(old), true(opposite(new)))), f"fewer:{name}")
        widened, narrowed = isinstance(more, Possible), isinstance(fewer, Possible)
        if widened and narrowed:
            found.add(Edit.CHANGED, "it holds for other items")
        elif widened:
            found.add(Edit.WIDENED, "it holds for more items")
        elif narrowed:
            found.add(Edit.NARROWED, "it holds for fewer items")
        else:
            found.add(Edit.CHANGED, "its condition is written otherwise and holds for the same items")

    # -------------------------------------------------------------- exceptions

    def _exceptions(self) -> Iterator[ClauseEdit]:
        old = {found.ref: found for found in self.old.pack.exceptions}
        new = {found.ref: found for found in self.new.pack.exceptions}
        for ref, exception in new.items():
            text = clause_text(self.new.pack, exception.policy, exception.span)
            if ref not in old:
                words = f"an exception, added: it reaches {_reach(exception)}"
                edits = (Edit.ADDED,)
                yield ClauseEdit(ref, exception.title, edits, words, "", text, exception.span, decides=True)
            elif (edit := self._exception(old[ref], exception, text)) is not None:
                yield edit
        for ref, exception in old.items():
            if ref not in new:
                text = clause_text(self.old.pack, exception.policy, exception.span)
                words = f"an exception, removed: it reached {_reach(exception)}"
                edits = (Edit.REMOVED,)
                yield ClauseEdit(ref, exception.title, edits, words, text, "", exception.span, decides=True)

    def _exception(self, old: Exemption, new: Exemption, after: str) -> ClauseEdit | None:
        before = clause_text(self.old.pack, old.policy, old.span)
        found = _Edits([], [])
        nodes = (
            lower_condition(old.when.expression, self.old.pack.vocabulary),
            lower_condition(new.when.expression, self.new.pack.vocabulary),
        )
        self._condition(*nodes, new.ref, found)
        if [one.name for one in old.reaches] != [one.name for one in new.reaches]:
            found.add(Edit.CHANGED, f"it reaches {_reach(new)}, and reached {_reach(old)}")
        decides = bool(found.edits)
        if prose_of(before) != prose_of(after):
            found.add(Edit.REWORDED, "its text is reworded")
        if not found.edits:
            return None
        words = "an exception: " + "; ".join(found.words)
        return ClauseEdit(new.ref, new.title, tuple(found.edits), words, before, after, new.span, decides=decides)


def paired(old: Sequence[LoweredRule], new: Sequence[LoweredRule]) -> list[tuple[LoweredRule, LoweredRule]]:
    """Rules that are one and the same in both versions: by name, else by what they do, else by their id alone."""
    pairs: list[tuple[LoweredRule, LoweredRule]] = []
    left, right = list(old), list(new)
    for same in (_by_name, _by_content, _by_id):
        for after in list(right):
            before = next((one for one in left if same(one) == same(after)), None)
            if before is not None:
                pairs.append((before, after))
                left.remove(before)
                right.remove(after)
    return pairs


def _by_name(lowered: LoweredRule) -> object:
    return lowered.rule.ref


def _by_content(lowered: LoweredRule) -> object:
    rule = lowered.rule
    return (lowered.condition, tuple(one.name for one in rule.then), lowered.markets, rule.subject)


def _by_id(lowered: LoweredRule) -> object:
    return lowered.rule.id


def _imposed(old: Rule, new: Rule, found: _Edits) -> None:
    for key, before, after in (("", old.then, new.then), (" until it is known", old.until_known, new.until_known)):
        gone = [one.name for one in before if one.name not in {named.name for named in after}]
        come = [one.name for one in after if one.name not in {named.name for named in before}]
        if gone and come:
            found.add(Edit.MOVED, f"{named_words(gone)} became {named_words(come)}{key}")
        elif gone or come:
            verb = "no longer imposes" if gone else "now also imposes"
            found.add(Edit.MOVED, f"it {verb} {named_words(gone or come)}{key}")


def _scope(old: LoweredRule, new: LoweredRule, found: _Edits) -> None:
    if old.markets != new.markets:
        wider = new.markets is None or (old.markets is not None and old.markets < new.markets)
        narrower = old.markets is None or (new.markets is not None and new.markets < old.markets)
        edit = Edit.WIDENED if wider else Edit.NARROWED if narrower else Edit.CHANGED
        where = enumerate_words([one.name for one in new.rule.markets], "and") or "everywhere"
        found.add(edit, f"it holds in other markets: {where}")
    if old.rule.subject != new.rule.subject:
        found.add(Edit.CHANGED, f"it is about an {new.rule.subject}, and was about an {old.rule.subject}")


def _times(old: Rule, new: Rule, as_of: int, found: _Edits) -> None:
    """Dates that still matter; what began or ended before the first day that is looked at does not."""
    for before, after, words in (
        (old.period.effective, new.period.effective, "it comes into force on another day"),
        (old.period.sunset, new.period.sunset, "it ends on another day"),
        (old.grace_until, new.grace_until, "its period of grace ends on another day"),
    ):
        ahead = [instant if instant is not None and instant > as_of else None for instant in (before, after)]
        if ahead[0] != ahead[1]:
            found.add(Edit.CHANGED, words)


def _measures(named: Sequence[Named]) -> str:
    return named_words(one.name for one in named) or "nothing"


def _reach(exception: Exemption) -> str:
    return named_words(one.name for one in exception.reaches)


# ----------------------------------------------------------------------- texts


def clause_text(pack: Pack, policy: str, span: Span) -> str:
    """The part of a document from the heading above a place to the next heading."""
    found = next((one for one in pack.policies if one.id == policy), None)
    lines = lines_of(_file_of(pack, found)) if found is not None else []
    heads = [section.line for section in found.sections] if found is not None else []
    start = max((line for line in heads if line <= span.line), default=1)
    end = min((line for line in heads if line > span.line), default=len(lines) + 1)
    return "\n".join(lines[start - 1 : end - 1]).strip("\n")


def _file_of(pack: Pack, policy: Policy) -> str:
    return next((text for name, text in pack.files.items() if policy.path.endswith(name)), "")


def prose_of(text: str) -> str:
    """A clause without its program."""
    kept: list[str] = []
    inside = False
    for line in text.split("\n"):
        if line.startswith("```"):
            inside = not inside
        elif not inside:
            kept.append(line.strip())
    return " ".join(part for part in kept if part)


def _documents(old: Pack, new: Pack) -> Iterator[ClauseEdit]:
    """Documents whose introduction or title changed, or that came or went."""
    before, after = ({policy.id: policy for policy in pack.policies} for pack in (old, new))
    for name, policy in after.items():
        was = before.get(name)
        text = f"# {policy.title}\n\n{policy.introduction.public}".strip()
        if was is None:
            continue
        old_text = f"# {was.title}\n\n{was.introduction.public}".strip()
        if old_text != text:
            words = "the policy's title or introduction is reworded"
            yield ClauseEdit(name, policy.title, (Edit.REWORDED,), words, old_text, text, policy.span, decides=False)
