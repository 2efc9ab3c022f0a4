"""Sentence + passage → how surely the passage carries the sentence. Runs on the reader's machinery."""

from importlib.resources import files

from assistant.reader import Reader
from index.once import once


class Entailment:
    """A network of the reader's shape, in which the sentence stands where the question did. Safe to use from several threads."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def logit(self, sentence: str, text: str, date: str = "") -> float:
        """How surely `text`, of that ISO `date` ("" for none), carries `sentence`: log odds, minus infinity for a text without a word.

        A sentence is read up to some sixty tokens, what stands behind them isn't seen.
        """
        return self._reader.read(sentence, [text], [date])[0].logit


@once
def load_entailment() -> Entailment:
    """The bundled one, loaded once per process. Raises ReaderError where it can't be loaded."""
    return Entailment(Reader.open(files("assistant.entailment")))
