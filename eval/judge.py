"""A language model as a second opinion: reported apart, never part of a gate's figures."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.errors import ModelError
from assistant.generate import Model
from assistant.types import Answer
from eval.cases import Case
from eval.citations import cited_by, faults_of
from prompts import prompt


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a judge makes of one answer; `same` counts the sentences on which it agrees with the checks that need no judge."""

    faithful: tuple[bool, ...]  # of each sentence: its citations carry it (faithfulness, Es et al. 2024)
    nuggets: tuple[bool, ...]  # of each group of a right answer's facts: the answer has it (nugget recall, TREC RAG 2024)
    same: int


class Judge:
    """Asks a model yes or no; whatever it answers else, or fails to answer, counts as no."""

    def __init__(self, model: Model) -> None:
        self._model = model

    def judge(self, case: Case, answer: Answer) -> Judgement:
        """A judgement of an answer that was given."""
        faithful, same = [], 0
        for sentence in answer.sentences:
            cited = cited_by(sentence, answer)
            good = self._yes("judge_faithful", passages="\n".join(c.quote for c in cited), claim=sentence.text)
            faithful.append(good)
            same += good != bool(faults_of(sentence.text, cited, answer.language))
        nuggets = [self._yes("judge_nugget", question=case.question, answer=answer.text, fact=_any_of(group)) for group in case.need]
        return Judgement(tuple(faithful), tuple(nuggets), same)

    def _yes(self, name: str, **variables: str) -> bool:
        try:
            said = self._model.say(prompt(name, "en", **variables))
        except ModelError:
            return False
        return said.strip(" *\"'.").casefold().startswith("yes")


def _any_of(group: Sequence[str]) -> str:
    return " or ".join(f"“{fact}”" for fact in group)
