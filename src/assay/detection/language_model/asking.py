"""One question about one item, asked as often as the judge says, and what came of it. It believes no answer yet."""

from __future__ import annotations

from dataclasses import dataclass, field

from assay.detection.language_model.answer import Reply, read_reply
from assay.detection.language_model.content import Content
from assay.detection.language_model.endpoint import Endpoint, Failed
from assay.detection.language_model.judge import Judge
from assay.detection.language_model.kept import KeptReplies
from assay.detection.language_model.prompt import Prompt, body_of
from assay.engine.kernel.digest import canonical_json, sha256_of
from assay.engine.kernel.errors import Fault


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a judge said to one question about one item: the record that is kept of it. It holds no content.

    prompt        the prompt's digest
    content       the content's digest
    served        the models that answered, by the endpoint's own words
    answer        by key; None where there is none, and `fault` says why
    failed        the endpoint gave no answer at all
    for_all       no other question would have fared better
    requests, tokens, milliseconds  what it took; nothing for replies that were kept
    """

    signal: str
    prompt: str
    content: str
    model: str
    served: tuple[str, ...]
    answer: str | None
    fault: Fault | None = None
    failed: bool = False
    for_all: bool = False
    requests: int = 0
    tokens: int = 0
    milliseconds: int = 0

    @property
    def identifier(self) -> str:
        """The same for the same question, content and answer: the evidence that an assertion rests on."""
        said = [self.signal, self.prompt, self.content, self.model, list(self.served), self.answer]
        return sha256_of(canonical_json(said))

    def as_mapping(self) -> dict[str, object]:
        """The record as plain JSON values."""
        return {
            "evidence": self.identifier,
            "signal": self.signal,
            "prompt": self.prompt,
            "content": self.content,
            "model": self.model,
            "served": list(self.served),
            "answer": self.answer,
            "fault": None if self.fault is None else {"slug": self.fault.slug, "reason": self.fault.words},
            "requests": self.requests,
            "tokens": self.tokens,
            "milliseconds": self.milliseconds,
        }


class Asker:
    """Asks one judge; threads may share it."""

    def __init__(self, judge: Judge, endpoint: Endpoint, kept: KeptReplies | None = None) -> None:
        self.judge = judge
        self._endpoint, self._kept = endpoint, kept

    def ask(self, prompt: Prompt, content: Content, attempt: int = 0) -> Verdict:
        """Ask all samples, until they differ or one of them is no answer.

        attempt  counts up where the same is asked again to see whether the answer stays
        """
        if content.picture and content.picture_type is None:
            fault = Fault("unreadable-picture", "the picture is no JPEG, PNG, WebP or GIF")
            return self._verdict(prompt, content, _Found(), fault)
        found = _Found()
        for sample in range(self.judge.samples):
            self._ask_once(prompt, body_of(self.judge, prompt, content, sample), attempt, found)
            if found.failed is not None or found.replies[-1].fault is not None or found.differ:
                break
        return self._verdict(prompt, content, found, found.fault)

    def cost(self, prompt: Prompt, content: Content, attempt: int = 0) -> int:
        """The requests that asking would take at most: one a sample, less what was kept."""
        kept = self._kept
        if kept is None:
            return self.judge.samples
        bodies = [body_of(self.judge, prompt, content, sample) for sample in range(self.judge.samples)]
        return sum(kept.find(self._named(body, attempt), prompt.question) is None for body in bodies)

    def _named(self, body: bytes, attempt: int) -> str:
        """What was asked, where, and which time: the same bytes are the same question, whatever pack they come from."""
        return sha256_of(f"{self.judge.endpoint}\x00{attempt}\x00".encode() + body)

    def _ask_once(self, prompt: Prompt, body: bytes, attempt: int, found: _Found) -> None:
        asked = self._named(body, attempt)
        reply = self._kept.find(asked, prompt.question) if self._kept is not None else None
        if reply is None:
            came = self._endpoint.ask(body)
            found.requests += 1
            if isinstance(came, Failed):
                found.failed = came
                return
            found.milliseconds += came.milliseconds
            reply = read_reply(came.body, prompt.question)
            found.tokens += reply.tokens
            if self._kept is not None:
                self._kept.keep(asked, reply)
        found.replies.append(reply)

    def _verdict(self, prompt: Prompt, content: Content, found: _Found, fault: Fault | None) -> Verdict:
        return Verdict(
            prompt.question.signal,
            prompt.digest,
            content.digest,
            self.judge.model,
            tuple(sorted({each.served for each in found.replies})),
            found.replies[0].answer if fault is None else None,
            fault,
            found.failed is not None,
            found.failed is not None and found.failed.for_all,
            found.requests,
            found.tokens,
            found.milliseconds,
        )


@dataclass(slots=True)
class _Found:
    """What came of one question so far."""

    replies: list[Reply] = field(default_factory=list)
    failed: Failed | None = None
    requests: int = 0
    tokens: int = 0
    milliseconds: int = 0

    @property
    def differ(self) -> bool:
        return len({each.answer for each in self.replies}) > 1

    @property
    def fault(self) -> Fault | None:
        if self.failed is not None:
            return self.failed.fault
        fault = next((each.fault for each in self.replies if each.fault is not None), None)
        if fault is None and self.differ:
            return Fault("answers-disagree", "the same question, asked again, was answered in another way")
        return fault
