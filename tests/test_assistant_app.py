"""The web app: its rendering as pure functions, and the real page in a browser."""

import ast
import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path
from string import Formatter
from types import SimpleNamespace
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant.app import Session, _as_given, _Page
from assistant.errors import FilterError, ModelError, QuestionError, SettingError
from assistant.evaluation import Evaluation, Failure, Figure
from assistant.markdown import literal, unescaped
from assistant.pace import Pace
from assistant.panes import newest_of_each, render_article, render_evaluation, render_sources
from assistant.render import Limits, Turn, as_markdown, render_answer, render_header, render_suggested, render_turns
from assistant.server import _guarded, serve
from assistant.suggested import Leads, first_questions, leads_of
from assistant.types import Answer, Citation, Conflict, Dropped, Fault, FaultKind, Scores, Sentence
from assistant.words import TEXTS, in_words
from index.articles import read_articles, read_text
from index.build import Report
from index.errors import READ, NoArticlesError, ReadError
from index.types import Article, Source, Stretch

HOSTILE = "<script>alert(1)</script> & \"Zitat\" 'x' <img src=x onerror=alert(2)> ${alert(3)} {{value}} @children [a](http://evil.example/)"


def article_of(blocks: list[tuple[str, str]], **facts: Any) -> Article:
    """An article made of (kind, text) blocks; a comment's kind is "comment by at"."""
    text, stretches = "", []
    for kind, words in blocks:
        voice, by, at = ([*kind.split("|"), "", ""])[:3]
        stretches.append(Stretch(len(text), len(text) + len(words), voice, by, at))  # type: ignore[arg-type]
        text += words + "\n\n"
    return Article(text=text, stretches=tuple(stretches), **facts)


def cite(article: Article, quote: str, n: int = 1, answer: str = "", **facts: Any) -> Citation:
    start = article.text.index(quote)
    begin = article.text.index(answer, start) if answer else None
    return Citation(
        n=n, article_id=article.id, title=article.title, outlet=article.outlet,
        published=article.published.isoformat() if article.published else None, path="", source=article.source,
        voice=facts.pop("voice", "article"), start=start, end=start + len(quote), quote=quote, answer_start=begin,
        answer_end=begin + len(answer) if begin is not None else None, **facts,
    )  # fmt: skip


FILLER = "Die Straßenbahngesellschaft erneuert in diesem Sommer ihre Gleisanlagen, und viele Fahrgäste müssen auf Busse ausweichen. " * 3
BRIDGE = article_of(
    [
        ("noise", "Startseite Anmelden Newsletter bestellen"),
        ("caption", "Die Brücke im Nebel. (Foto: Nordbild)"),
        ("article", "Die Sperrung der Hafenbrücke dauert nach Angaben des Amtes 14 Wochen. Danach folgt die Abnahme."),
        *[("article", f"{number}. {FILLER}") for number in range(12)],
        ("heading", "Was es kostet"),
        ("article", "Die Kosten steigen auf 3,2 Millionen Euro & mehr, teilte das Donaudampfschifffahrtsgesellschaftsbauamt <b>mit</b>."),
        ("article", FILLER),
        ("comment|Kapitän_Ahab|3. Mai 2025, 7:12", "Das hätte man vor zwanzig Jahren erledigen sollen."),
        ("comment|Möwe|", "Ich nehme so lange die Fähre."),
    ],
    id="bruecke", source="bruecke.txt", title="Hafenbrücke bleibt länger gesperrt", outlet="Küstenkurier", author="Jella Harms",
    published=date(2025, 5, 2), url="https://kuestenkurier.example/bruecke?a=1&b=2", language="de",
)  # fmt: skip
FERRY = article_of(
    [("article", "Die Fähre verkehrt während der Sperrung alle 20 Minuten."), ("article", FILLER)],
    id="faehre", source="faehre.md", title="Fähre fährt öfter", outlet="Inselbote", published=date(2025, 5, 9), language="de",
)  # fmt: skip
WITHHELD = Dropped("<b>Erfunden: <3></b>", "number: <3>; cause: cause", (Fault("number", "<3>"), Fault("cause", "cause")))
LONG = cite(BRIDGE, "Die Sperrung der Hafenbrücke dauert nach Angaben des Amtes 14 Wochen.", 1, "14 Wochen")
COST = cite(
    BRIDGE,
    "Die Kosten steigen auf 3,2 Millionen Euro & mehr, teilte das Donaudampfschifffahrtsgesellschaftsbauamt <b>mit</b>.",
    2,
    "3,2 Millionen Euro",
)
FERRY_EVERY = cite(FERRY, "Die Fähre verkehrt während der Sperrung alle 20 Minuten.", 3, "alle 20 Minuten", edited="changed")
AHAB = cite(
    BRIDGE,
    "Das hätte man vor zwanzig Jahren erledigen sollen.",
    1,
    voice="comment",
    by="Kapitän_Ahab",
    at="3. Mai 2025, 7:12",
    edited="missing",
)


EVALUATION = Evaluation(
    at="2026-11-27T15:30:00", dataset="seeds.jsonl", cases=88,
    figures=(Figure(name="right", group="figure", value=0.55, low=0.42, high=0.67, n=60),
             Figure(name="paraphrase", group="kind", value=0.4, low=0.2, high=0.6, n=12)),
    failed=(Failure(id="s1", kind="fact", question="Wie lange?", answer="3 Tage", expected="14 Wochen"),),
)  # fmt: skip


def answer_of(question: str, *citations: Citation, **facts: Any) -> Answer:
    sentences = tuple(Sentence(" ".join(c.quote.split()), "verbatim", (c.n,)) for c in citations)
    return Answer(question, "de", False, 0.934, "x", "", sentences, citations, **facts)


class Harbour:
    """A small assistant over two articles and what is added; a conversation counts its questions."""

    def __init__(self) -> None:
        self.articles = [BRIDGE, FERRY]

    def rate(self, answer: Answer, good: bool, reason: str = "") -> None:
        print(f"rated {good} {reason!r} {answer.question}", file=sys.stderr)

    def add(
        self, files: Sequence[tuple[str, bytes]] = (), addresses: Sequence[str] = (), progress: Callable[[int, int], None] | None = None
    ) -> Report:
        report = Report()
        report.failed += [ReadError("read_network", name=address, why="weg") for address in addresses]
        for name, content in files:
            if b"\x00" in content:
                raise ReadError("read_binary", name=f"/data/uploads/0123456789abcdef/{name}")
            self.articles.append(read_text(content.decode(), name.removesuffix(".txt")))
            report.added.append(self.articles[-1].id)
        if progress:
            progress(1, 2)
        return report

    def reread(self, progress: Callable[[int, int], None] | None = None) -> Report:
        if progress:
            progress(1, 1)
        return Report(unchanged=[article.id for article in self.articles])

    def evaluation(self) -> Evaluation | None:
        return EVALUATION

    def ask(self, question: str, **filters: Any) -> Answer:
        return HarbourChat().ask(question, **filters)

    def stream(self, question: str, **filters: Any) -> "Iterator[Sentence | Answer]":
        return HarbourChat().stream(question, **filters)

    def remove(self, article_id: str) -> None:
        self.articles.remove(self.article(article_id))

    def article(self, article_id: str) -> Article:
        for article in self.articles:
            if article.id == article_id:
                return article
        raise NoArticlesError(f"{article_id}: no such article in the index; belegt sources lists them")

    def sources(self) -> list[Source]:
        newest = sorted(self.articles, key=lambda a: a.published or date.min, reverse=True)
        return [Source(a.id, a.title, a.outlet, a.author, a.published, a.url, a.language, a.source, "", "", "", 0, 0, {}) for a in newest]

    def chat(self) -> "HarbourChat":
        return HarbourChat()


class HarbourChat:
    def __init__(self) -> None:
        self.asked = 0

    def ask(
        self, question: str, *, since: str | None = None, until: str | None = None, outlet: Sequence[str] | None = None,
        comments: bool = False, most: int | None = None,
    ) -> Answer:  # fmt: skip
        self.asked += 1
        if "gefiltert" in question:
            return answer_of(question, LONG, conflicts=(Conflict(f"{since} {until} {outlet} {comments} {most}", (1,)),))
        if "widersprechen" in question:
            return answer_of(question, LONG, FERRY_EVERY, COST, conflicts=(Conflict(question, (1, 3)),))
        if "Fehler" in question:
            raise QuestionError("the question is too odd; ask another <one>")
        if "Das dauert" in question:
            time.sleep(1)
        if "Absturz" in question:
            raise ZeroDivisionError("secret inner detail")
        if "wievielte" in question:
            return answer_of(question, cite(FERRY, FERRY.text[:56], 1), conflicts=(Conflict(f"Frage Nummer {self.asked}", (1,)),))
        if "Wetter" in question:
            text = "Dazu steht nichts in den Artikeln."
            return Answer(question, "de", True, 0.07, None, text, nearest=(replace(COST, n=1), replace(FERRY_EVERY, n=2)))
        if comments:
            return answer_of(question, AHAB)
        return answer_of(question, LONG, COST, FERRY_EVERY)

    def stream(self, question: str, **filters: Any) -> Iterator[Sentence | Answer]:
        answer = self.ask(question, **filters)
        for sentence in answer.sentences:
            yield sentence
            time.sleep(1 if "Satz für Satz" in question else 0)
        yield answer


def text_of(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


def marked(html: str, n: int) -> str:
    """The text of all marks of citation n, marks inside marks included."""
    parts, depth, inside = [], 0, 0
    for tag, text in re.findall(r"(<[^>]*>)|([^<]+)", html):
        if tag.startswith("<mark"):
            depth += 1
            numbers = re.search(r'data-n="([^"]*)"', tag)
            if not inside and numbers and str(n) in numbers[1].split():
                inside = depth
        elif tag == "</mark>":
            inside = 0 if inside == depth else inside
            depth -= 1
        elif text and inside:
            parts.append(text)
    return unescape("".join(parts))


def bare(text: str) -> str:
    return "".join(text.split())


# -- pure functions ---------------------------------------------------------------------------------------------------


def test_both_languages_say_everything() -> None:
    own = {f"error_{code}" for code in READ}  # those errors say it in English themselves, though some with advice for the command line
    assert TEXTS["de"].keys() == TEXTS["en"].keys() | own
    assert TEXTS["en"].keys() & own == {"error_read_size", "error_read_heavy"}
    assert all(text.strip() for words in TEXTS.values() for text in words.values())


def test_an_answer_is_its_sentences_with_buttons_and_sources() -> None:
    html = render_answer(answer_of("Wie lange?", LONG, COST, FERRY_EVERY), "de", 4)
    assert "<strong>14 Wochen</strong>" in html
    assert "<strong>3,2 Millionen Euro</strong> &amp; mehr" in html
    assert re.findall(r'class="cite" data-key="([^"]+)"', html) == ["4.0", "4.1", "4.2"]
    assert 'aria-label="Beleg 1: Küstenkurier · 02.05.2025"' in html
    assert 'title="„Die Sperrung' in html
    assert re.findall(r"<b>\[(\d)\]</b> ([^<]*)", html) == [
        ("1", "Küstenkurier · 02.05.2025"),
        ("2", "Küstenkurier · 02.05.2025"),
        ("3", "Inselbote · 09.05.2025"),
    ]
    assert "93 %" in html
    assert "Original seit der Aufnahme geändert" in html


def test_the_words_that_answer_are_found_in_other_wordings_too() -> None:
    wrapped = replace(FERRY, text=FERRY.text.replace("während der", "während\nder"))
    citation = cite(wrapped, wrapped.text[:56], answer="alle 20 Minuten")
    for text, expected in [
        ("Die Fähre verkehrt während der Sperrung alle 20 Minuten.", "<strong>alle 20 Minuten</strong>."),
        ("verkehrt während der Sperrung alle 20 Minuten", "<strong>alle 20 Minuten</strong>"),
        ("Laut Inselbote: Die Fähre verkehrt während der Sperrung alle 20 Minuten.", "<strong>alle 20 Minuten</strong>."),
        ("Sie kommt alle 20 Minuten an.", "<strong>alle 20 Minuten</strong> an"),
        ("Sie kommt dreimal in der Stunde.", "Sie kommt dreimal in der Stunde."),
    ]:
        answer = replace(answer_of("?", citation), sentences=(Sentence(text, "supported", (1,)),))
        html = render_answer(answer, "de")
        assert expected in html
        assert html.count("<strong>") == expected.count("<strong>")


def test_an_abstention_names_itself_and_its_nearest_passages() -> None:
    answer = HarbourChat().ask("Wie wird das Wetter?")
    html = render_answer(answer, "de", 2)
    assert "abstained" in html
    assert "Keine Antwort" in html
    assert "Nächstliegende Stellen – keine Antwort" in html
    assert re.findall(r'data-key="([^"]+)"', html) == ["2.0", "2.1"]
    assert 'class="cite"' not in html
    assert "Closest passages – not an answer" in render_answer(answer, "en")
    assert "Worum geht es in „Hafenbrücke bleibt länger gesperrt“?" in text_of(html)
    session = Session(turns=[Turn("?"), Turn("?", error="x"), Turn("?", answer)])
    assert session.cited("2.1") == (answer.nearest, answer.nearest[1])
    for key in ("", "0.0", "1.0", "2.2", "3.0", "2", "-1.0", "2.1.1", "a.b", "99999999999.0", "².0"):
        assert session.cited(key) is None


def test_a_readers_comment_is_called_one() -> None:
    html = render_answer(answer_of("Meinungen?", AHAB), "en")
    assert html.index("Reader&#x27;s comment: Kapitän_Ahab, 3. Mai 2025, 7:12</span>") < html.index("Das hätte man")
    assert "Original no longer there" in html


def test_a_caption_is_called_one_in_the_answer_and_in_its_export() -> None:
    caption = cite(BRIDGE, "Die Brücke im Nebel.", voice="caption")
    assert ">Caption</span> <span lang" in render_answer(answer_of("Nebel?", caption), "en")
    assert "“ Bildunterschrift, Küstenkurier · 02.05.2025" in as_markdown([Turn("Nebel?", answer_of("Nebel?", caption))], "de")


@pytest.mark.parametrize(
    ("confidence", "shown"), [(0.0, "&lt; 1 %"), (0.004, "&lt; 1 %"), (0.5, "50 %"), (0.996, "&gt; 99 %"), (1.0, "&gt; 99 %")]
)
def test_confidence_never_claims_certainty(confidence: float, shown: str) -> None:
    assert shown in render_answer(replace(answer_of("?", LONG), confidence=confidence), "de")


def test_hostile_text_stays_text() -> None:
    article = article_of(
        [("article", HOSTILE), ("heading", HOSTILE), (f"comment|{HOSTILE.replace('|', '')}|{HOSTILE}", HOSTILE), ("caption", HOSTILE)],
        id='"><script>', source="", title=HOSTILE, outlet=HOSTILE, author=HOSTILE, language='de" onclick="x', url="javascript:alert(1)",
    )  # fmt: skip
    citation = replace(cite(article, HOSTILE), by=HOSTILE, at=HOSTILE, title=HOSTILE[:80], scores=Scores(0.5, 1.0, 0.02, 0.9, 0.4))
    answer = replace(answer_of(HOSTILE, citation), language='"><b>', conflicts=(Conflict(HOSTILE, (1,)),))
    refusal = replace(answer, abstained=True, text=HOSTILE, sentences=(), citations=(), nearest=(replace(citation, voice="comment"),))
    source = Source('"><script>', HOSTILE, HOSTILE, "", date(2025, 5, 2), "", "", "", "", "", "", 0, 0, {"article": 3})
    other = replace(source, published=date(2025, 5, 3))
    limits = Limits(HOSTILE, HOSTILE, (HOSTILE,), True)
    figure = Figure(name=HOSTILE, group="kind", value=0.5, low=0.4, high=0.6, n=3)
    failure = Failure(id=HOSTILE, kind=HOSTILE, question=HOSTILE, answer=HOSTILE, expected=HOSTILE)
    run = Evaluation(at=HOSTILE, dataset=HOSTILE, cases=1, figures=(figure,), failed=(failure,))
    growing = Turn(HOSTILE, limits=limits, growing=answer.sentences)
    turns = [growing, Turn(HOSTILE, error=HOSTILE), Turn(HOSTILE, answer), Turn(HOSTILE, refusal)]
    for html in (
        render_article(article, [citation], citation, "de", "0.0"),
        render_article(article, [], replace(citation, quote=HOSTILE + "!"), "en"),
        render_turns(turns, "de"), render_sources([source, other], "en"), render_evaluation(run, "de"),
    ):  # fmt: skip
        assert {name.lower() for name in re.findall(r"<\s*/?\s*([a-zA-Z][a-zA-Z0-9]*)", html)} <= {
            "div", "p", "span", "b", "strong", "button", "h2", "h3", "h4", "ul", "li", "q", "mark", "details", "summary", "section",
            "blockquote", "label", "input", "dl", "dt", "dd", "svg", "text", "line", "circle", "title", "rect", "table", "thead", "tbody",
            "tr", "th", "td",
        }  # fmt: skip
        for tag in re.findall(r"<[^>]*>", html):
            assert re.fullmatch(r'</?[a-z0-9]+( [a-z0-9-]+(="[^"<>]*")?)*>', tag), tag
            assert not re.search(r' (on\w+|src|href|style)="', re.sub(r'"[^"]*"', '""', tag)), tag
        assert "javascript:" not in html
        assert HOSTILE in text_of(html)


def test_what_a_conflict_is_between_stands_side_by_side() -> None:
    html = render_answer(HarbourChat().ask("Wo widersprechen sie sich?"), "de")
    card, rest = html.split("</div></div></div>", 1)
    assert card.count('<div class="side">') == 2
    assert "14 Wochen" in card
    assert "20 Minuten" in card
    assert "3,2 Millionen" not in card
    assert "3,2 Millionen" in rest
    assert html.count("<strong>14 Wochen") == 1


def test_each_sentence_says_how_it_is_supported() -> None:
    answer = answer_of("?", LONG, COST)
    for changed, said in (({}, "geprüft"), ({"checked_by": "network"}, "sinngemäß")):
        sentences = (answer.sentences[0], replace(answer.sentences[1], support="supported", **changed))
        html = render_answer(replace(answer, sentences=sentences), "de")
        assert re.findall(r'class="support" title="[^"]+">([^<]+)<', html) == ["wörtlich", said]


def test_every_kind_of_fault_has_its_words() -> None:
    assert all(f"fault_{kind}" in TEXTS[lang] for kind in get_args(FaultKind) for lang in TEXTS)


def test_what_a_model_made_up_is_there_for_those_who_want_to_know() -> None:
    failed = ModelError("m failed (<500>)", "model_failed", name="m", why="<500>")
    told = replace(answer_of("?", LONG), dropped=(WITHHELD,)).with_status(failed)
    assert (told.status, told.status_code, told.status_facts) == ("m failed (<500>)", "model_failed", {"name": "m", "why": "<500>"})
    html = render_answer(told, "de")
    assert "Sprachmodell: m hat versagt (&lt;500&gt;)" in html
    assert "Language model: m failed (&lt;500&gt;)" in render_answer(told, "en")
    assert 'nicht belegt: 1</summary><ul><li>&lt;b&gt;Erfunden: &lt;3&gt;&lt;/b&gt; <span class="badge">Zahl: &lt;3&gt;</span>' in html
    assert '<span class="badge">number: &lt;3&gt;</span> <span class="badge">cause</span></li>' in render_answer(told, "en")
    assert "withheld" not in render_answer(answer_of("?", LONG), "de")


def test_a_failing_model_is_told_of_beside_an_abstention_too() -> None:
    failed = ModelError("m failed (no route)", "model_failed", name="m", why="no route")
    abstained = replace(answer_of("?"), abstained=True, nearest=(COST,)).with_status(failed)
    assert "Sprachmodell: m hat versagt (no route)" in render_answer(abstained, "de")
    assert "withheld" not in render_answer(abstained.with_status(None), "de")
    midway = ModelError("m stopped", "model_midway", name="m", why="no route")
    assert "m hörte mittendrin auf (no route), der Antwort fehlt" in render_answer(abstained.with_status(midway), "de")


def test_a_part_without_an_answer_is_said_to_be_missing() -> None:
    html = render_answer(replace(answer_of("?", LONG), text="Küstenkurier: … [1]\n\nDazu nichts: «wer \\*zahlt\\*»"), "de")
    assert '<p class="missing" lang="de">Dazu nichts: «wer *zahlt*»</p>' in html
    assert "missing" not in render_answer(answer_of("?", LONG), "de")


def test_what_a_question_was_limited_to_is_shown_with_it() -> None:
    turn = Turn("?", answer_of("?", LONG), limits=Limits("2025-05-01", "2025-05-31", ("Küstenkurier",), True))
    chips = re.search(r'<ul class="chips"[^>]*>(.*?)</ul>', render_turns([turn], "de"))
    assert chips
    assert re.findall(r"<li>(.*?)</li>", chips[1]) == ["ab 01.05.2025", "bis 31.05.2025", "Küstenkurier", "mit Leserkommentaren"]
    assert "chips" not in render_turns([Turn("?", answer_of("?", LONG))], "de")
    assert "<li>articles: 1 at most</li>" in render_turns([Turn("?", limits=Limits(most=1))], "en")
    refused = Turn("?", HarbourChat().ask("Wetter?"), limits=Limits(since="2025-05-01"))
    assert "Mit weniger Filtern" in render_turns([refused], "de")


def test_the_last_evaluation_is_shown_and_its_failures_can_be_asked() -> None:
    html = render_evaluation(EVALUATION, "de")
    assert "88 Fragen (seeds.jsonl), 27.11.2026 15:30" in html
    assert re.findall(r"<tr><th scope=\"row\">([^<]+)</th>.*?<td>([^<]+)</td><td>([^<]+)</td><td>(\d+)</td>", html) == [
        ("right", "0,550", "0,420–0,670", "60"),
        ("paraphrase", "0,400", "0,200–0,600", "12"),
    ]
    assert 'data-ask="Wie lange?"' in html
    assert "belegt eval" in render_evaluation(None, "en")


def test_the_last_evaluation_is_kept_beside_the_index(tmp_path: Path) -> None:
    assert Evaluation.load(tmp_path) is None
    EVALUATION.store(tmp_path / "new")
    assert Evaluation.load(tmp_path / "new") == EVALUATION
    (tmp_path / "last-eval.json").write_text('{"at": 3}')
    with pytest.raises(SettingError, match=r"last-eval\.json: can't be read"):
        Evaluation.load(tmp_path)


def test_the_head_offers_both_languages() -> None:
    assert re.findall(r'data-language="(\w+)" lang="\w+" aria-pressed="(\w+)"', render_header("en")) == [("de", "false"), ("en", "true")]


def test_errors_are_said_in_the_language_of_the_page() -> None:
    error = FilterError("outlet 'X' is not in the index", "no_outlet", name="X", listed="A, B")
    assert in_words(error, "de") == "Das Medium „X“ gibt es hier nicht; es gibt: A, B."
    assert in_words(QuestionError("only in English"), "de") == "only in English"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("leer.txt", b" ", "ist leer"),
        ("bild.txt", b"\x00\x01\x02" * 50, "Binärdatei"),
        ("bild.xyz", b"x", "diese Art von Datei"),
        ("zeichen.txt", b"*** --- ***", "enthält keinen Text"),
        ("kaputt.txt", "Über die Straße geht’s".encode() + b"\xff", "UTF-8 bis auf Byte"),
        ("liste.json", b'{"articles": []}', "ist leer"),
        ("zahl.json", b"3", "erwartet wird ein Objekt"),
        ("halb.json", b'{"title": "A"', "kein gültiges JSON"),
        ("ohne.json", b'{"title": "A"}', "das Feld „body“ fehlt"),
        ("kopf.md", b"---\na: [\n---\nText", "Front Matter"),
        ("seite.html", b"<html><body></body></html>", "kein Artikeltext"),
        ("kein.odt", b"PK nothing", "als .odt gelesen"),
    ],
)
def test_files_that_cannot_be_read_are_told_of_in_both_languages(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ReadError) as raised:
        read_articles(tmp_path / name)
    assert told in in_words(raised.value, "de")
    assert in_words(raised.value, "en") == str(raised.value)
    none = NoArticlesError("none could be read", "read_none", n=2, first=raised.value)
    assert told in in_words(none, "de")
    assert str(raised.value) in in_words(none, "en")


def _fields(text: str) -> set[str]:
    return {field for _, field, *_ in Formatter().parse(text) if field}


def _errors() -> Iterator[tuple[str, ast.Call]]:
    """Each call in the sources that makes an error, with the error's name."""
    for file in (file for folder in ("index", "assistant") for file in Path(folder).rglob("*.py") if file.name != "errors.py"):
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id.endswith("Error"):
                yield call.func.id, call


def test_every_reason_why_nothing_could_be_read_has_its_words() -> None:
    raised = set()
    for name, call in _errors():
        if name == "ReadError":
            (code,) = call.args
            assert isinstance(code, ast.Constant), ast.unparse(call)
            assert {keyword.arg for keyword in call.keywords} == _fields(READ[code.value]), ast.unparse(call)
            raised.add(code.value)
    assert raised == READ.keys()
    for code, text in READ.items():
        assert _fields(TEXTS["de"][f"error_{code}"]) <= _fields(text), code  # what was found instead is in English


def test_every_other_error_with_a_code_has_its_words_in_both_languages() -> None:
    facts: dict[str, set[str | None]] = {}
    for name, call in _errors():
        if name != "ReadError" and len(call.args) == 2 and isinstance(call.args[1], ast.Constant):
            facts[f"error_{call.args[1].value}"] = {keyword.arg for keyword in call.keywords}
    assert facts.keys() == {name for name in TEXTS["en"] if name.startswith("error_")} - {f"error_{code}" for code in READ}
    for name, told in facts.items():
        assert all(_fields(TEXTS[lang][name]) <= told for lang in ("de", "en")), name


@pytest.mark.parametrize("folder", ["/Users/anna/Library/Application Support/belegt", r"C:\Users\Anna Holm\belegt", "/data"])
def test_errors_about_stored_files_name_them_as_they_were_given(folder: str) -> None:
    sign = "\\" if "\\" in folder else "/"
    error = ReadError("read_json", name=sign.join((folder, "uploads", "0123456789abcdef", "mein text.json, entry 3")), why="/x/y")
    none = NoArticlesError("none could be read", "read_none", n=2, first=error)
    for lang in ("de", "en"):
        assert in_words(_as_given(error), lang).startswith("mein text.json, entry 3: ")
        assert " mein text.json, entry 3: " in in_words(_as_given(none), lang)
        assert folder not in in_words(_as_given(none), lang)
    elsewhere = ReadError("read_gone", name=f"{folder}{sign}uploads{sign}a.txt")
    assert in_words(_as_given(elsewhere), "en") == str(elsewhere)
    other = NoArticlesError("a: no such article")
    assert in_words(_as_given(other), "de") == str(other)


def test_the_same_question_asked_again_while_it_is_answered_gets_its_own_answer() -> None:
    page, request = _Page(Harbour(), Pace(0), False), SimpleNamespace(client=None, headers={})
    session = Session(turns=[Turn("Wie lange?")])
    shown = [*page.ask("Wie lange?", None, None, None, 5, False, session, request)]
    first, second = session.turns
    assert second.answer
    assert not first.done
    assert 'data-key="1.0"' in shown[-1][1]


def test_a_pasted_text_is_named_by_its_beginning() -> None:
    given: list[str] = []

    class Named(Harbour):
        def add(self, files: Sequence[tuple[str, bytes]] = (), *rest: Any) -> Report:
            given.extend(name for name, _ in files)
            return super().add(files, *rest)

    for text in ("Kiel (dpa/ots) – Der Hafen wird gebaut.", "Nord\\Süd"):
        list(_Page(Named(), Pace(0), False).add(None, text, Session()))
    assert given == ["Kiel (dpa-ots) – Der Hafen wird gebaut..txt", "Nord-Süd.txt"]


def test_repeated_headers_all_arrive() -> None:
    async def app(_: Any, __: Any, send: Any) -> None:
        lines = [(b"set-cookie", b"a=1"), (b"set-cookie", b"b=2"), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": 200, "headers": lines})

    def headers(path: str) -> list[tuple[bytes, bytes]]:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        asyncio.run(_guarded(app, None)({"type": "http", "path": path, "headers": []}, None, send))
        return [line for line in sent[0]["headers"] if line[0] in (b"set-cookie", b"cache-control")]

    cookies = [(b"set-cookie", b"a=1"), (b"set-cookie", b"b=2")]
    assert headers("/") == [*cookies, (b"cache-control", b"no-store")]
    assert headers("/assets/x.js") == [*cookies, (b"cache-control", b"max-age=31536000, immutable")]


def test_a_growing_answer_shows_the_sentences_that_are_ready() -> None:
    html = render_turns([Turn("?", growing=answer_of("?", LONG).sentences)], "de")
    assert "14 Wochen" in html
    assert "pending" in html


WORDS = "Mole _ * ` \\ [ ] ( ) < > : // . www. http:// a_b é_"


@given(st.text(alphabet="ab1é_*`\\[]()<>:/.! \n") | st.lists(st.sampled_from(WORDS.split())).map("".join))
def test_markdown_finds_only_text_in_what_is_literal(text: str) -> None:
    plain = "Mole " + " ".join(text.split())
    assert unescape(MarkdownIt().renderInline(literal(plain))) == plain.strip()
    assert "<" not in MarkdownIt().renderInline(literal(plain))
    assert unescaped(literal(plain)) == plain.strip()


def test_what_is_literal_stays_readable_and_no_address_in_it_becomes_a_link() -> None:
    assert literal("Kapitän_Ahab um 7:12 auf kurier.de") == "Kapitän_Ahab um 7:12 auf kurier.de"
    assert literal("_heute_ auf www.x.de und https://x.de") == "\\_heute\\_ auf www\\.x.de und https\\://x.de"


@pytest.mark.parametrize("url", ["https://a.example/ ![b](http://c.example/?d)", "https://a.example/<img src=b>", "javascript:alert(1)"])
def test_an_address_in_a_footnote_is_a_link_or_plain_text(url: str) -> None:
    footnote = as_markdown([Turn("?", answer_of("?", replace(LONG, url=url, article_id="[x](http://e.example)*y*")))], "de")
    html = MarkdownIt().render(footnote)
    assert not re.search(r"<(?:img|a|em)\b", html)
    plain = as_markdown([Turn("?", answer_of("?", replace(LONG, url="https://a.example/b_c-d?e=1")))], "de")
    assert " https://a.example/b_c-d?e=1 (" in plain


def test_a_conversation_as_markdown_has_footnotes() -> None:
    answer = replace(answer_of("?", LONG, FERRY_EVERY), text="**14 Wochen** und \\[3] [1]\n\nalle 20 [3]")
    one = as_markdown([Turn("Wie *lange*?", answer)], "de")
    assert one.startswith("**Wie \\*lange\\*?**\n\n**14 Wochen** und \\[3] [^1]\n\nalle 20 [^3]\n\n[^1]: „Die Sperrung")
    assert f"Küstenkurier · 02.05.2025, {BRIDGE.title} (bruecke, {LONG.start}–{LONG.end})" in one
    both = as_markdown([Turn("a", answer), Turn("b", answer), Turn("c", error="so not")], "en")
    defined, used = re.findall(r"^\[\^([\d-]+)\]:", both, re.M), re.findall(r"\[\^([\d-]+)\](?!:)", both)
    assert defined == used == ["1-1", "1-3", "2-1", "2-3"]


def test_suggestions_are_of_the_newest_articles_and_of_several_outlets() -> None:
    ferry, bridge = Harbour().sources()
    newer = replace(bridge, id="b", title="Brücke fertig", published=date(2025, 6, 1))
    older = replace(ferry, id="f", title="Fähre defekt")
    listed = [source.title for source in newest_of_each([newer, ferry, older, bridge])]
    assert listed == ["Brücke fertig", FERRY.title, "Fähre defekt", BRIDGE.title]
    assert render_suggested("Zum Beispiel", []) == ""
    assert 'data-ask="Was ist &lt;b&gt;?"' in render_suggested("Zum Beispiel", ["Was ist <b>?"])


SPOKEN = article_of(
    [
        ("article", "„Wir fahren“, sagte Hafenmeisterin Jella von Harms am Montag. Das Amt, erklärte der Sprecher, warte noch."),
        ("article", "Die Fähre sei voll, warnte Ole Brandt-Meier. „Na und?“, sagte Jella von Harms. Am Freitag sagte Sielport ab."),
        ("comment", "„Niemals“, sagte Erna Kluge."),
    ],
    id="reden", source="reden.md", title="Streit um die Fähre", outlet="Inselbote", language="de",
)  # fmt: skip


def test_questions_to_ask_next_are_drawn_from_what_the_articles_report() -> None:
    leads = leads_of([SPOKEN, FERRY])
    assert leads.names == ("Jella von Harms", "Ole Brandt-Meier")
    assert leads.questions("de") == ["Was sagte Jella von Harms?", "Was sagte Ole Brandt-Meier?", "Worum geht es in „Streit um die Fähre“?"]
    assert leads_of([SPOKEN], "Was sagte Harms?").names == ("Ole Brandt-Meier",)  # is known already
    assert first_questions([FERRY, SPOKEN, replace(SPOKEN, title="")], "en") == [
        f"What is “{FERRY.title}” about?", "What did Jella von Harms say?"
    ]  # fmt: skip
    turn = Turn("?", answer_of("?", LONG), leads=Leads(("Jella Harms",)))
    assert "Was sagte Jella Harms?" in render_turns([turn], "de")
    assert "What did Jella Harms say?" not in render_turns([turn, Turn("wait")], "en")  # only after the last answer


def test_the_scores_of_a_place_are_there_for_those_who_want_them() -> None:
    scored = replace(LONG, scores=Scores(0.8774, 12.5, 0.0325, 1.25, 0.5))
    html = render_article(BRIDGE, [scored], scored, "de", "0.0")
    assert "<summary>Warum diese Stelle?</summary>" in html
    assert "Der Leser" not in html  # a reader is a person
    assert re.findall(r"<dd>([^<]+)</dd>", html) == ["0,877", "12,500", "0,033", "1,250", "0,500"]
    assert "Warum diese" not in render_article(BRIDGE, [LONG], LONG, "de", "0.0")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", " https://x.example", "/etc/passwd", "file:///etc/passwd", ""])
def test_only_web_addresses_become_links(url: str) -> None:
    assert "<a " not in render_article(replace(BRIDGE, url=url), [], None)
    linked = render_article(BRIDGE, [], None)
    assert '<a href="https://kuestenkurier.example/bruecke?a=1&amp;b=2" target="_blank" rel="noopener noreferrer"' in linked


def test_an_article_is_shown_for_reading() -> None:
    html = render_article(BRIDGE, [LONG, COST, FERRY_EVERY], COST, "de", "0.1")
    assert "Newsletter bestellen" not in html
    assert "<h3>Was es kostet</h3>" in html
    assert '<p class="caption">Die Brücke im Nebel.' in html
    assert "Küstenkurier · 02.05.2025 · Jella Harms · <a " in html
    assert marked(html, 1) == LONG.quote
    assert marked(html, 2) == COST.quote
    assert marked(html, 3) == ""
    assert html.count('id="belegt-active"') == 1
    assert re.search(r'<mark id="belegt-active" class="active" data-n="2">', html)
    assert '<details class="comments"><summary>Leserkommentare (2)</summary>' in html
    assert "Kapitän_Ahab · 3. Mai 2025, 7:12" in html
    assert '<details class="comments" open>' in render_article(BRIDGE, [AHAB], AHAB)
    assert "Original nicht mehr vorhanden" in render_article(BRIDGE, [AHAB], AHAB)
    assert "Original seit der Aufnahme geändert" in render_article(FERRY, [FERRY_EVERY], FERRY_EVERY)


def test_marks_at_both_ends_and_overlapping() -> None:
    article = Article("a", "<eins> zwei & drei", "a.txt")
    first, last, all_of_it = cite(article, "<eins> zwei", 1), cite(article, "zwei & drei", 2), cite(article, article.text, 3)
    for active in (first, last, all_of_it):
        html = render_article(article, [first, last, all_of_it], active)
        assert [marked(html, n) for n in (1, 2, 3)] == [first.quote, last.quote, all_of_it.quote]
        assert html.count('class="active"') == 1
        assert html.count("<mark") == html.count("</mark>")


def test_noise_and_list_marks_inside_a_quote_are_shown() -> None:
    text = "Erste Zeile.\n\n• Zweite Zeile.\n\nWERBUNG\n\nDritte."
    article = Article(
        "a",
        text,
        "",
        stretches=(Stretch(0, 12, "article"), Stretch(16, 29, "article"), Stretch(31, 38, "noise"), Stretch(40, 47, "article")),
    )
    citation = cite(article, text)
    html = render_article(article, [citation], citation)
    assert bare(marked(html, 1)) == bare(text)
    assert "• Zweite Zeile." in text_of(html)
    assert "WERBUNG" not in render_article(article, [], None)
    assert html.count('id="belegt-active"') == 1


@given(st.data())
def test_marks_hold_the_quotes_whatever_the_stretches(data: st.DataObject) -> None:
    text = data.draw(st.text(alphabet="ab<&\"' \n•😀", min_size=1, max_size=40))
    at = st.integers(0, len(text))
    spans = data.draw(st.lists(st.tuples(at, at).map(sorted).filter(lambda s: bool(text[s[0] : s[1]].strip())), max_size=3))
    kinds = st.sampled_from(["article", "comment", "caption", "heading", "noise"])
    edges = sorted(data.draw(st.lists(at, max_size=6)))
    stretches = tuple(Stretch(a, b, data.draw(kinds)) for a, b in zip(edges[::2], edges[1::2], strict=False))
    article = Article("a", text, "", stretches=stretches)
    citations = [Citation(n, "a", "", "", None, "", "", "article", a, b, text[a:b]) for n, (a, b) in enumerate(spans, 1)]
    for active in (None, *citations):
        html = render_article(article, citations, active)
        for citation in citations:
            assert bare(marked(html, citation.n)) == bare(citation.quote)
        assert html.count('id="belegt-active"') == (active is not None)


def test_an_article_read_again_is_not_marked_wrongly() -> None:
    html = render_article(replace(BRIDGE, text="!" + BRIDGE.text), [LONG, COST], LONG, "en")
    assert "<mark" not in html
    assert f"<blockquote>{LONG.quote}</blockquote>" in html


def test_the_list_of_articles_is_newest_first_and_limited() -> None:
    html = render_sources(Harbour().sources(), "de")
    assert re.findall(r'data-article="([^"]*)"', html) == ["faehre", "bruecke"]
    assert "Noch keine Artikel" in render_sources([], "de")
    assert ">Articles: 1<" in render_sources(Harbour().sources()[:1], "en")
    same_day = [replace(Harbour().sources()[0], id=letter, title=letter) for letter in "abc"]
    assert re.findall(r'data-article="([^"]+)"', render_sources(same_day, "de")) == ["a", "b", "c"]
    many = [replace(Harbour().sources()[0], id=str(n)) for n in range(45)]
    assert "and 5 more" in render_sources(many, "en")


def test_a_timeline_has_a_dot_for_each_dated_article_and_a_line_for_each_outlet() -> None:
    second, first = Harbour().sources()
    html = render_sources([first, second, replace(first, published=None)], "de")
    assert html.count("<circle") == 2
    assert re.findall(r'<text x="0"[^>]*>([^<]+)<', html) == ["Küstenkurier", "Inselbote"]
    assert 'aria-label="Artikel nach Datum und Medium, 02.05.2025 bis 09.05.2025"' in html
    assert "<svg" not in render_sources([first], "de")
    many = [replace(first, outlet=f"Medium {n}", published=date(2025, 5, n + 1)) for n in range(12)]
    assert re.findall(r'<text x="0"[^>]*>([^<]+)<', render_sources(many, "de"))[-1] == "weitere"
    assert "Absätze: 7 · Kommentare: 2" in render_sources([replace(first, passages={"article": 7, "comment": 2})], "de")


def test_a_port_in_use_is_said_with_host_and_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=rf"^127\.0\.0\.1:{port}: "):
            serve(Harbour(), port=port)


# -- in a browser -----------------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(per_minute=0) as url:
        yield url


@contextmanager
def served(per_minute: int) -> Iterator[str]:
    """The app over `Harbour` in a process of its own, ended as by Ctrl-C."""
    root = Path(__file__).parent.parent
    environment = {**os.environ, "PYTHONPATH": str(root)}
    process = subprocess.Popen(
        [sys.executable, __file__, str(per_minute)], cwd=root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout
    url = process.stdout.readline().strip()
    try:
        assert url.startswith("http://127.0.0.1:"), process.communicate(timeout=10)
        yield url
    finally:
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=30)
    assert (process.returncode, output) == (0, "")
    # only what was provoked is in the log
    assert errors.count("Traceback") == errors.count("secret inner detail\n") <= 1


@pytest.fixture
def visit(chromium: Any, address: str) -> Iterator[Callable[..., Any]]:
    """Opens the app as a new user; at the end no page may have complained, run foreign script or asked another host."""
    contexts: list[Any] = []
    seen: list[str] = []

    def open_page(width: int = 1280, height: int = 800, locale: str = "de-DE", **options: Any) -> Any:
        context = chromium.new_context(viewport={"width": width, "height": height}, locale=locale, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("request", lambda request: seen.append(f"request {request.url}"))
        page.on("console", lambda message: seen.append(f"console {message.type} {message.text}"))
        page.on("pageerror", lambda error: seen.append(f"console error {error}"))
        page.on("dialog", lambda dialog: seen.append(f"console error dialog {dialog.message}") or dialog.dismiss())
        page.goto(address)
        page.wait_for_selector(".turns.empty")
        page.wait_for_selector("#belegt-article .source")
        return page

    yield open_page
    for context in contexts:
        context.close()
    requests = [line.removeprefix("request ") for line in seen if line.startswith("request ")]
    assert requests
    assert [url for url in requests if not url.startswith((address, "data:", f"blob:{address}"))] == []
    ours = [line for line in seen if line != "console warning Method not implemented."]  # Gradio's own, on every upload
    assert [line for line in ours if line.startswith(("console error", "console warning"))] == []


def ask(page: Any, question: str, answers: int = 1) -> None:
    page.locator("#belegt-box textarea").fill(question)
    page.keyboard.press("Enter")
    page.wait_for_function(f"document.querySelectorAll('.answer:not(.pending)').length === {answers}")


def active(page: Any, words: str) -> None:
    """The clicked mark holds exactly `words` and can be seen."""
    page.wait_for_function("words => document.getElementById('belegt-active')?.textContent === words", arg=words)
    page.wait_for_function(
        """() => {
          const box = document.getElementById('belegt-active').getBoundingClientRect();
          const pane = document.getElementById('belegt-article').getBoundingClientRect();
          return box.height > 0 && box.top >= Math.max(0, pane.top) && box.bottom <= Math.min(innerHeight, pane.bottom);
        }"""
    )


@pytest.mark.slow
def test_a_citation_opens_its_article_at_the_words(visit: Callable[..., Any]) -> None:
    page = visit()
    assert page.title() == "Belegt"
    assert page.locator("html").get_attribute("lang") == "de"
    assert page.get_by_text("Antworten aus Nachrichtenartikeln").is_visible()
    ask(page, "Wie lange ist die Hafenbrücke gesperrt, und was kostet es?")
    active(page, LONG.quote)  # opened by itself, without taking the focus
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    assert page.locator("#belegt-box textarea").input_value() == ""
    for key, citation in [("Enter", COST), ("Space", FERRY_EVERY)]:
        button = page.get_by_role("button", name=f"Beleg {citation.n}:")
        assert citation.quote in button.get_attribute("title")
        button.focus()
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        page.keyboard.press(key)
        active(page, citation.quote)
        assert page.locator(".cite[aria-current]").inner_text() == f"[{citation.n}]"
        assert button.evaluate("button => button === document.activeElement")
    page.get_by_role("button", name="Beleg 2:").click()
    active(page, COST.quote)
    assert page.evaluate("scrollY") == 0
    # clicked again after scrolling away
    page.locator("#belegt-article").evaluate("pane => pane.scrollTop = 0")
    page.get_by_role("button", name="Beleg 2:").click()
    active(page, COST.quote)
    assert page.locator("#belegt-article a").get_attribute("rel") == "noopener noreferrer"
    page.get_by_role("button", name="Alle Artikel").click()
    page.locator("#belegt-article [data-article=faehre]").click()
    page.wait_for_selector("#belegt-article h2:has-text('Fähre fährt öfter')")
    assert page.locator("#belegt-article mark").count() == 0


@pytest.mark.slow
def test_an_abstention_and_errors_are_said_plainly(visit: Callable[..., Any]) -> None:
    page = visit()
    ask(page, "Wie lange?")
    ask(page, "Wie wird das Wetter?", 2)
    assert page.locator(".abstained").inner_text().startswith("∅ Keine Antwort")
    assert page.locator("#belegt-article mark").count() == 0
    assert page.locator(".abstained").evaluate("box => box.getBoundingClientRect().top < innerHeight / 2")
    page.locator(".abstained .source").first.click()
    active(page, COST.quote)
    ask(page, "Fehler", 3)
    assert page.locator(".answer.error").last.inner_text() == "Das ging nicht: the question is too odd; ask another <one>"
    ask(page, "Absturz", 4)
    assert "unerwarteter Fehler" in page.locator(".answer.error").last.inner_text()
    assert "secret" not in page.content()
    page.locator("#belegt-box textarea").fill("   ")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Fragen", exact=True).click()
    page.wait_for_timeout(500)
    assert page.locator(".turn").count() == 4


@pytest.mark.slow
def test_readers_comments_are_included_on_request(visit: Callable[..., Any]) -> None:
    page = visit(locale="en-GB", color_scheme="dark")
    assert page.locator("html").get_attribute("lang") == "en"
    page.get_by_label("Include readers' comments").check()
    ask(page, "What do readers say?")
    assert page.locator(".answer .badge").first.inner_text() == "Reader's comment: Kapitän_Ahab, 3. Mai 2025, 7:12"
    active(page, AHAB.quote)
    assert page.locator("details.comments").get_attribute("open") is not None


@pytest.mark.slow
def test_other_languages_get_english_and_austrians_german(visit: Callable[..., Any]) -> None:
    for locale, send in [("fr-FR", "Ask"), ("de-AT", "Fragen")]:
        page = visit(locale=locale)
        assert page.locator("html").get_attribute("lang") == ("en" if send == "Ask" else "de")
        assert page.get_by_role("button", name=send, exact=True).is_visible()


@pytest.mark.slow
def test_a_narrow_screen_stacks_and_goes_to_the_words_and_back(visit: Callable[..., Any]) -> None:
    page = visit(390, 844)
    ask(page, "Wie lange?")
    page.wait_for_selector("#belegt-active")
    button = page.get_by_role("button", name="Beleg 2:")
    assert button.evaluate("button => button.getBoundingClientRect().bottom < innerHeight")  # the answer stays in view
    button.click()
    active(page, COST.quote)
    page.get_by_role("button", name="Zurück zur Antwort").click()
    page.wait_for_function("document.activeElement.className === 'cite' && document.activeElement.getBoundingClientRect().top > 0")
    assert page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.slow
def test_a_question_sent_while_another_is_answered_comes_next(visit: Callable[..., Any]) -> None:
    page = visit()
    box = page.locator("#belegt-box textarea")
    box.fill("Das dauert")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.wait_for_selector(".pending")
    assert box.input_value() == ""
    box.fill("Die wievielte?")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelectorAll('.answer:not(.pending)').length === 2")
    assert "Frage Nummer 2" in page.locator(".answer").last.inner_text()
    page.wait_for_timeout(500)
    assert page.locator(".turn").count() == 2


@pytest.mark.slow
def test_a_reload_in_mid_answer_keeps_the_conversation(visit: Callable[..., Any]) -> None:
    page = visit()
    ask(page, "Die wievielte?")
    page.locator("#belegt-box textarea").fill("Das dauert")
    page.keyboard.press("Enter")
    page.wait_for_selector(".pending")
    page.reload()
    page.wait_for_function("document.querySelectorAll('.answer:not(.pending)').length === 2")
    assert page.locator(".asked").all_text_contents() == ["Frage: Die wievielte?", "Frage: Das dauert"]
    ask(page, "Die wievielte nun?", 3)
    assert "Frage Nummer 3" in page.locator(".answer").last.inner_text()  # nothing was asked twice
    page.get_by_role("button", name="Neues Gespräch").click()
    page.wait_for_selector(".turns.empty")


@pytest.mark.slow
def test_an_answer_grows_sentence_by_sentence_and_can_be_stopped(visit: Callable[..., Any]) -> None:
    page = visit()
    assert not page.locator("#belegt-stop").is_visible()
    page.locator("#belegt-box textarea").fill("Satz für Satz")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('.pending')?.innerText.includes('14 Wochen')")
    assert "alle 20 Minuten" not in page.locator(".pending").inner_text()
    page.get_by_role("button", name="Anhalten").click()
    page.wait_for_selector(".answer.error")
    assert "Angehalten" in page.locator(".answer.error").inner_text()
    ask(page, "Wie lange?", 2)
    page.wait_for_timeout(1500)
    assert page.locator(".answer.error").count() == 1


@pytest.mark.slow
def test_the_language_can_be_chosen(visit: Callable[..., Any]) -> None:
    page = visit()
    ask(page, "Wie lange?")
    page.get_by_role("button", name="English").click()
    page.get_by_role("button", name="Ask", exact=True).wait_for()
    page.wait_for_selector(".answer")
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.get_by_text("Sources").is_visible()
    page.reload()
    page.get_by_role("button", name="Ask", exact=True).wait_for()
    page.get_by_role("button", name="Deutsch").click()
    page.get_by_role("button", name="Fragen", exact=True).wait_for()


@pytest.mark.slow
def test_the_last_evaluation_is_a_click_away(visit: Callable[..., Any]) -> None:
    page = visit()
    page.get_by_role("button", name="Auswertung").click()
    page.get_by_text("88 Fragen").wait_for()
    page.locator("#belegt-article summary").click()
    page.get_by_role("button", name="Hier fragen").click()
    page.wait_for_selector(".answer:not(.pending)")
    assert page.locator(".asked").text_content() == "Frage: Wie lange?"


@pytest.mark.slow
def test_two_users_do_not_share_a_conversation(visit: Callable[..., Any]) -> None:
    first, second = visit(), visit()
    ask(first, "Die wievielte?")
    ask(first, "Die wievielte nun?", 2)
    ask(second, "Die wievielte?")
    assert "Frage Nummer 2" in first.locator(".answer").last.inner_text()
    assert "Frage Nummer 1" in second.locator(".answer").last.inner_text()
    assert second.locator(".turn").count() == 1


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_serious(visit: Callable[..., Any], scheme: str, width: int) -> None:
    axe = pytest.importorskip("axe_playwright_python")
    script = next(Path(axe.__file__).parent.rglob("axe.min.js")).read_text("utf-8")
    page = visit(width, color_scheme=scheme, bypass_csp=True)
    ask(page, "Wo widersprechen sie sich?")
    ask(page, "Wie wird das Wetter?", 2)
    page.get_by_role("button", name="Nicht hilfreich").last.click()
    for name in ("Filter", "Artikel hinzufügen"):
        page.get_by_role("button", name=name).click()
    page.get_by_label("oder Text einfügen").wait_for()
    page.evaluate(script)
    found = page.evaluate("axe.run()")["violations"]
    assert [(v["id"], [node["html"] for node in v["nodes"]]) for v in found if v["impact"] in ("serious", "critical")] == []


@pytest.mark.slow
def test_filters_reach_the_question_and_are_shown(visit: Callable[..., Any]) -> None:
    page = visit()
    page.get_by_role("button", name="Filter").click()
    page.get_by_label("Ab (TT.MM.JJJJ)").fill("1.5.2025")
    page.get_by_label("Nur diese Medien").click()
    page.get_by_role("option", name="Inselbote").click()
    page.get_by_label("Höchstens so viele Artikel").click()
    page.get_by_role("option", name="2", exact=True).click()
    ask(page, "gefiltert?")
    assert page.locator(".chips li").all_inner_texts() == ["ab 01.05.2025", "Inselbote", "höchstens 2 Artikel"]
    assert "2025-05-01 None ('Inselbote',) False 2" in page.locator(".conflict").inner_text()


@pytest.mark.slow
def test_a_link_asks_its_question_and_an_answer_can_be_used(visit: Callable[..., Any], address: str) -> None:
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{address}?q=Wie%20lange%3F")
    page.wait_for_selector(".answer:not(.pending)")
    page.get_by_role("button", name="Link zur Frage").click()
    page.wait_for_selector("[data-do=link]:has-text('Kopiert')")
    assert page.evaluate("navigator.clipboard.readText()") == f"{address}?q=Wie%20lange%3F"
    page.get_by_role("button", name="Mit Belegen kopieren").click()
    page.wait_for_selector("[data-do=copy]:has-text('Kopiert')")
    assert f"„{LONG.quote}“ Küstenkurier · 02.05.2025" in page.evaluate("navigator.clipboard.readText()")
    page.get_by_role("button", name="Bearbeiten").click()
    assert page.locator("#belegt-box textarea").input_value() == "Wie lange?"
    page.get_by_role("button", name="Nochmals fragen").click()
    page.wait_for_function("document.querySelectorAll('.answer:not(.pending)').length === 2")
    page.get_by_role("button", name="Nicht hilfreich").last.click()
    page.get_by_label("Was stimmt nicht?").last.fill("zu kurz")
    page.get_by_role("button", name="Absenden").click()
    page.wait_for_function("document.getElementById('belegt-status').innerText.includes('gespeichert')")
    for kind, name in (("md", "belegt.md"), ("json", "belegt.json")):
        with page.expect_download() as download:
            page.locator(f"[data-save={kind}]").click()
        assert download.value.suggested_filename == name
        assert "14 Wochen" in Path(download.value.path()).read_text("utf-8")


@pytest.mark.slow
def test_articles_are_added_and_removed(visit: Callable[..., Any], tmp_path: Path) -> None:
    page = visit()
    page.get_by_role("button", name="Artikel hinzufügen").click()
    page.locator("#belegt-take").click()
    page.wait_for_function("document.getElementById('belegt-taken').innerText.includes('Erst eine Datei')")
    (tmp_path / "kaputt.txt").write_bytes(b"a\x00b")
    page.locator("#belegt-add input[type=file]").set_input_files(tmp_path / "kaputt.txt")
    page.wait_for_selector("#belegt-add :text('kaputt')")
    page.locator("#belegt-take").click()
    page.wait_for_selector("#belegt-taken .notice")
    told = "kaputt.txt: ist kein Text, sondern eine Binärdatei; bitte zuerst in Text oder HTML umwandeln."
    assert page.locator("#belegt-taken").inner_text().strip() == told
    page.get_by_label("oder Text einfügen").fill("https://a.example/x http://b.example/feed")
    page.locator("#belegt-take").click()
    page.wait_for_function("document.querySelectorAll('#belegt-taken .notice').length === 2")
    page.get_by_label("oder Text einfügen").fill("Die Mole ist fertig\n\nDie Mole ist seit Montag fertig und 300 Meter lang.")
    page.locator("#belegt-take").click()
    page.wait_for_function("document.getElementById('belegt-taken').innerText.includes('1 aufgenommen')")
    assert page.get_by_label("oder Text einfügen").input_value() == ""
    page.locator("#belegt-reread").click()
    page.wait_for_function("document.getElementById('belegt-taken').innerText.includes('3 ')")
    page.locator("#belegt-article [data-article^=die-mole]").click()
    page.locator("[data-remove]").click()
    page.wait_for_function("document.querySelectorAll('#belegt-article .source').length === 2")


def post(address: str, body: object) -> tuple[int, str]:
    request = urllib.request.Request(f"{address}ask", json.dumps(body).encode(), {"content-type": "application/json"})
    try:
        with urllib.request.urlopen(request) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.mark.slow
def test_programs_ask_over_http(address: str) -> None:
    status, body = post(address, {"question": "Wie lange?"})
    assert (status, json.loads(body)) == (200, answer_of("Wie lange?", LONG, COST, FERRY_EVERY).to_dict())
    lines = [json.loads(line) for line in post(address, {"question": "Wie lange?", "stream": True})[1].splitlines()]
    assert [*(line["sentence"] for line in lines[:-1])] == lines[-1]["answer"]["sentences"]
    assert post(address, {"question": "Fehler", "stream": True})[0] == 400
    assert post(address, {"question": "Fehler"}) == (400, '{"error":"the question is too odd; ask another <one>"}')
    assert post(address, {"question": "?", "outlets": []})[0] == 422
    with urllib.request.urlopen(f"{address}sources") as response:
        assert {"bruecke", "faehre"} <= {source["id"] for source in json.load(response)}
    with urllib.request.urlopen(f"{address}openapi.json") as response:
        assert {"/ask", "/sources"} <= json.load(response)["paths"].keys()


def test_a_streamed_answer_is_not_waited_for() -> None:
    from assistant.api import Question, build_api
    from assistant.pace import Pace

    told: list[Sentence | Answer] = []

    class Telling(Harbour):
        def stream(self, question: str, **filters: Any) -> Iterator[Sentence | Answer]:
            for event in super().stream(question, **filters):
                told.append(event)
                yield event

    api = build_api(Telling(), Pace(0))
    asked = next(route.endpoint for route in api.routes if getattr(route, "path", "") == "/ask")
    response = asked(Question(question="Wie lange?", stream=True), SimpleNamespace(client=None))
    assert len(told) == 1  # which shows that nothing is wrong with the question
    assert response.media_type == "application/x-ndjson"


@pytest.mark.slow
def test_models_ask_over_mcp(address: str) -> None:
    client = pytest.importorskip("mcp.client.client")

    async def talk() -> None:
        async with client.Client(f"{address}mcp") as session:
            tools = (await session.list_tools()).tools
            assert {tool.name for tool in tools} == {"ask", "sources"}
            assert all(tool.annotations.read_only_hint and tool.description for tool in tools)
            result = await session.call_tool("ask", {"question": "Wie lange?", "most": 2})
            assert result.structured_content == answer_of("Wie lange?", LONG, COST, FERRY_EVERY).to_dict()
            refused = await session.call_tool("ask", {"question": "Fehler"})
            assert refused.is_error
            assert "too odd" in refused.content[0].text
            listed = await session.call_tool("sources", {})
            assert {"bruecke", "faehre"} <= {source["id"] for source in listed.structured_content["result"]}

    with ThreadPoolExecutor(1) as thread:  # the browser of the other tests has its own loop in this one
        thread.submit(asyncio.run, talk()).result(30)


@pytest.mark.slow
def test_who_asks_too_often_is_asked_to_wait() -> None:
    with served(per_minute=2) as address:
        assert [post(address, {"question": "Wie lange?"})[0] for _ in range(3)] == [200, 200, 429]


@pytest.mark.slow
def test_the_page_itself_forbids_other_hosts(address: str) -> None:
    with urllib.request.urlopen(address) as response:
        assert "default-src 'self'" in response.headers["content-security-policy"]


if __name__ == "__main__":
    serve(Harbour(), port=0, ready=lambda url: print(url, flush=True), per_minute=int(sys.argv[1]), mcp=True)
