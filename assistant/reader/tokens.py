"""Question, context and text as the one row of tokens that is read."""

import numpy as np

from index.tokens import Ids

LENGTH = 384  # tokens that the reader sees at once


def assemble(bos: int, eos: int, question: Ids, context: Ids, text: Ids) -> tuple[Ids, int]:
    """`<s> question </s></s> context </s> text </s>` (no context: `<s> question </s></s> text </s>`), and where the text begins."""
    head = [np.array([bos]), question, np.array([eos, eos])]
    if len(context):
        head += [context, np.array([eos])]
    base = sum(map(len, head))
    return np.concatenate([*head, text, np.array([eos])]), base
