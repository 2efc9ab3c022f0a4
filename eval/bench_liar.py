"""`make bench-liar`: what an endpoint that always lies gets past the guard, end to end.

It writes near-copies of the passages' sentences with one detail changed, by `eval.mutations`, and fluent inventions with the passages' own
numbers and names, always with a marker. Every sentence of its that is shown is a lie that was let through.
"""

import argparse
import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from html import unescape
from typing import Any

from assistant import Assistant
from assistant.engine import index_paths
from assistant.generate import Model
from assistant.types import Citation
from eval.cases import shipped_sets
from eval.mutations import NAME, Sample, mutants
from eval.statistics import share
from index.sentences import split_sentences

_BLOCK = re.compile(r'<absatz nr="(\d+)"[^>]*>\n(.*?)\n</absatz>', re.DOTALL)
_NUMBER = re.compile(r"\b\d+(?:[.,]\d+)*\b")
_INVENTED = (
    "{name} kündigte an, die Summe von {number} Millionen Euro bis Jahresende zu verdoppeln. [{n}]",
    "Grund dafür war nach Angaben von {name} ein Streit über {number} nicht bezahlte Rechnungen. [{n}]",
    "Insgesamt nahmen {number} Menschen aus ganz Deutschland daran teil. [{n}]",
    "{name} widersprach dieser Darstellung und sprach von nur {number} Fällen. [{n}]",
)


class Liar(Model):
    """A model whose every sentence is false; `told` maps each to how it was made."""

    def __init__(self) -> None:
        super().__init__(None, "liar")
        self.told: dict[str, str] = {}
        self.sentences = 0
        self._turn = 0

    def _request(self, text: str) -> Iterator[str]:
        blocks = [(int(n), " ".join(unescape(body).split())) for n, body in _BLOCK.findall(text)]
        lies = list(self._lies(blocks))
        self._turn += 1
        chosen = [lies[(self._turn * 7 + step * 3) % len(lies)] for step in range(3)] if lies else []
        for kind, sentence, number in chosen:
            self.told[" ".join(sentence.split())] = kind
            self.sentences += 1
            yield f"{sentence} [{number}] "

    def _lies(self, blocks: Sequence[tuple[int, str]]) -> Iterator[tuple[str, str, int]]:
        samples = []
        for number, body in blocks:
            for start, end in split_sentences(body, 0, len(body)):
                cited = Citation(number, str(number), "", "", None, "", "", "article", start, end, body[start:end])
                samples.append(Sample(body[start:end], (cited,), "de"))
        for mutant in mutants(samples):
            if mutant.kind == "citation":
                continue  # true, and repaired
            yield mutant.kind, mutant.sample.text, mutant.sample.citations[0].n
        for number, body in blocks:
            name, amount = NAME.search(body), _NUMBER.search(body)
            for form in _INVENTED:
                filled = form.format(name=name[0] if name else "Der Sprecher", number=amount[0] if amount else "12", n=number)
                yield "invented", filled.replace(f" [{number}]", ""), number


def measured(answers: int) -> str:
    """What came of so many answers: the lies shown, and whether the user got an answer or an abstention each time."""
    news = next(one for one in shipped_sets() if one.name == "news")
    questions = [case.question for case in news.cases if case.answerable and not case.turns]
    liar = Liar()
    shown: Counter[str] = Counter()
    outcomes: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        index_paths(news.corpus, folder)
        assistant = Assistant.open(folder)
        assistant._model = liar
        began = time.perf_counter()
        asked: dict[str, Any] = {}
        for number in range(answers):
            answer = assistant.ask(questions[number % len(questions)])
            outcomes["abstained" if answer.abstained else answer.engine] += 1
            for sentence in answer.sentences if answer.engine == "llm" else ():
                kind = liar.told.get(" ".join(sentence.text.split()), "part of a lie")
                kind = "true part of a lie" if kind == "part of a lie" and sentence.support == "verbatim" else kind
                shown[kind] += 1
                asked.setdefault(kind, (sentence.text, [c.quote for c in answer.citations if c.n in sentence.citations]))
        seconds = time.perf_counter() - began
        assistant.close()
    written = outcomes["llm"] + outcomes["quotes"]
    lies = sum(n for kind, n in shown.items() if kind != "true part of a lie")
    lines = [
        f"{answers} answers in {seconds:.0f} s: {dict(outcomes)}; {len(liar.told)} different lies told",
        f"lies shown of those told  {share([True] * lies + [False] * (liar.sentences - lies))}",
        f"answers in its words      {share([True] * outcomes['llm'] + [False] * (written - outcomes['llm']))}",
        f"shown by kind             {dict(shown)}",
    ]
    return "\n".join([*lines, *(f"  {kind}: {text} | {quotes}" for kind, (text, quotes) in asked.items())])


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, default=500)
    print(measured(parser.parse_args().answers))


if __name__ == "__main__":
    main()
