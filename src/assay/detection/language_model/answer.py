"""What a model's reply says: one of the question's answers, or why it is none. It takes nothing that is almost one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from assay.detection.language_model.question import CANNOT_TELL, Question, key_of
from assay.engine.kernel.errors import Fault
from assay.engine.kernel.unicode import is_unicode

LONGEST_ANSWER = 8_192
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply.

    answer  by key, or None where the model abstained or what came is no answer
    fault   why there is none
    served  the model that answered, by the endpoint's own word; empty where it says nothing
    tokens  that the endpoint counted, question and answer together
    """

    answer: str | None
    fault: Fault | None = None
    served: str = ""
    tokens: int = 0


def read_reply(body: bytes, question: Question) -> Reply:
    """The reply in a body of a chat completion; whatever stands there, it raises nothing."""
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        return Reply(None, Fault("strange-answer", "the endpoint's answer is no JSON"))
    if not isinstance(given, Mapping):
        return Reply(None, Fault("strange-answer", "the endpoint's answer is no JSON object"))
    served, tokens = _served(given), _tokens(given)
    told = _told(given)
    if isinstance(told, Fault):
        return Reply(None, told, served, tokens)
    answer = _answer(told, question)
    if isinstance(answer, Fault):
        return Reply(None, answer, served, tokens)
    return Reply(answer, None, served, tokens)


def _served(given: Mapping[str, object]) -> str:
    named = given.get("model")
    is_name = isinstance(named, str) and len(named) <= _LONGEST_NAME and named.isprintable() and is_unicode(named)
    return named if is_name and isinstance(named, str) else ""


def _tokens(given: Mapping[str, object]) -> int:
    usage = given.get("usage")
    counted = usage.get("total_tokens") if isinstance(usage, Mapping) else None
    is_count = isinstance(counted, int) and not isinstance(counted, bool) and 0 <= counted < 10**9
    return counted if is_count and isinstance(counted, int) else 0


def _told(given: Mapping[str, object]) -> str | Fault:
    """The one message's text."""
    choices = given.get("choices")
    if not isinstance(choices, list) or len(choices) != 1 or not isinstance(choices[0], Mapping):
        return Fault("strange-answer", "the endpoint's answer has not the one choice that was asked for")
    choice = choices[0]
    message, reason = choice.get("message"), choice.get("finish_reason")
    if not isinstance(message, Mapping):
        return Fault("strange-answer", "the endpoint's answer holds no message")
    if message.get("tool_calls") or message.get("function_call") or reason in ("tool_calls", "function_call"):
        return Fault("tool-call", "the model wanted to call a tool; it was given none, and none is called")
    if message.get("refusal") or reason == "content_filter":
        return Fault("model-refused", "the model, or a filter before it, would not answer")
    if reason == "length":
        return Fault("answer-cut-short", "the answer is longer than `most_answer_tokens` allows")
    told = message.get("content")
    if not isinstance(told, str) or len(told) > LONGEST_ANSWER:
        return Fault("strange-answer", "the message is no text, or far longer than an answer")
    return told


def _answer(told: str, question: Question) -> str | Fault:
    """The answer by key. Text around the JSON, further keys and values of other questions make it none."""
    try:
        given = json.loads(told, object_pairs_hook=_pairs)
    except (ValueError, RecursionError):
        return Fault("out-of-schema", "the answer is not the JSON object that was asked for")
    if not isinstance(given, dict) or set(given) != {"answer"}:
        return Fault("out-of-schema", "the answer is not an object with the one key `answer`")
    answer = given["answer"]
    if answer == CANNOT_TELL:
        return Fault(CANNOT_TELL.replace("_", "-"), "the model says that the content does not show it")
    if question.several:
        members = answer if isinstance(answer, list) and all(isinstance(each, str) for each in answer) else None
        if members is None or len(set(members)) < len(members) or not set(members) <= set(question.names):
            return Fault("out-of-schema", f"the answer is no list of values of `{question.signal}`, each once")
        return key_of(frozenset(members))
    if not isinstance(answer, str) or answer not in question.names:
        return Fault("out-of-schema", f"the answer is none of the values of `{question.signal}`")
    return answer


def _pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key came twice")
    return found
