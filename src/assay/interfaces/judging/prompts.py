"""The prompts of one judge on one pack, and which of them are worth asking. It asks nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assay.detection.language_model.asking import Verdict
from assay.detection.language_model.judge import Judge
from assay.detection.language_model.measured.accuracy import Accuracy, other_model, unmeasured, worth_of
from assay.detection.language_model.prompt import Prompt, prompt_of
from assay.detection.language_model.question import ASSERTER, question_of, value_of
from assay.engine.decision.assertion import Assertion
from assay.engine.kernel.errors import Fault
from assay.engine.language.pack.pack import Pack


def prompts_of(judge: Judge, pack: Pack) -> Mapping[str, Prompt] | list[Fault]:
    """A prompt for each signal that the judge may be asked, by its name; or all that is wrong with what it names."""
    if not judge.signals:
        return [Fault("nothing-to-ask", 'the judge may be asked nothing; name signals, as in `signals = ["satire"]`')]
    questions = {name: question_of(pack, name) for name in judge.signals}
    faults = [each for each in questions.values() if isinstance(each, Fault)]
    if faults:
        return faults
    return {
        name: prompt_of(judge, question, pack.digest)
        for name, question in questions.items()
        if not isinstance(question, Fault)
    }


@dataclass(frozen=True, slots=True)
class Believing:
    """What is believed of a judge's answers on a pack.

    judged  how the judge is named on the command line, for the next step in a fault
    """

    judge: Judge
    pack: Pack
    prompts: Mapping[str, Prompt]
    accuracy: Accuracy | None
    judged: str

    def worthless(self, signal: str, language: str) -> Fault | None:
        """Why an answer could not be believed, so that nobody need be asked; None where it may be."""
        fault = unmeasured(self.accuracy, self.judged, self.prompts[signal].digest, signal, language)
        tally = self.accuracy.find(signal, language) if self.accuracy is not None else None
        if fault is not None or tally is None:
            return fault
        worths = [worth for worth in (worth_of(tally, answer) for answer in tally.answers) if isinstance(worth, float)]
        least = self.pack.vocabulary.by_name[signal].confidence_at_least
        if max(worths) < least:
            words = (
                f"no answer to `{signal}` in `{language}` is worth over {max(worths):g}, and the pack wants {least:g}"
            )
            return Fault("too-weak", words, signal)
        return None

    def assertion(self, verdict: Verdict, language: str, at: int) -> Assertion | Fault:
        """What an answer asserts, or why it asserts nothing."""
        if verdict.answer is None:
            return verdict.fault or Fault("strange-answer", "there is no answer")
        tally = self.accuracy.find(verdict.signal, language) if self.accuracy is not None else None
        fault = self.worthless(verdict.signal, language)
        if fault is None and tally is not None:
            fault = other_model(tally, verdict.served, self.judged)
        if fault is not None or tally is None:
            return fault or Fault("not-measured", f"`{verdict.signal}` was not measured in `{language}`")
        worth = worth_of(tally, verdict.answer)
        if isinstance(worth, Fault):
            return worth
        value = value_of(self.prompts[verdict.signal].question, verdict.answer)
        return Assertion(verdict.signal, value, ASSERTER, self.judge.source, worth, at, (verdict.identifier,))
