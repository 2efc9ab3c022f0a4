"""Whether a passage carries a sentence, as a small network sees it: `from assistant.entailment import load_entailment`."""

from assistant.entailment.model import Entailment, load_entailment

__all__ = ["Entailment", "load_entailment"]
