"""The conversation as HTML and as Markdown: pure functions, every word of an article or answer escaped."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise

from assistant.markdown import literal, unescaped
from assistant.suggested import Leads, what_of
from assistant.types import Answer, Citation, Dropped, Sentence
from assistant.words import TEXTS, facts_line, in_words, percent, shortened
from index.errors import BelegtError

_FAULT = 60  # characters of what is wrong in a sentence
_ADDRESS = re.compile(r"https?://[^\s<>()\[\]`*]+")  # one that stays a link and nothing else in Markdown


@dataclass(frozen=True, slots=True)
class Limits:
    """What a question was limited to: days as ISO dates or as typed, outlets by name, readers' comments or not, articles quoted at most."""

    since: str = ""
    until: str = ""
    outlets: tuple[str, ...] = ()
    comments: bool = False
    most: int | None = None


@dataclass(slots=True, eq=False)
class Turn:
    """A question and what came of it: nothing yet, the sentences `growing` into an answer, an answer, or an error in plain words.

    `leads` are what the articles of its answer lead to. The same question asked twice makes two turns, which aren't equal.
    """

    question: str
    answer: Answer | None = None
    error: str = ""
    limits: Limits = Limits()
    growing: tuple[Sentence, ...] = ()
    leads: Leads = field(default_factory=Leads)

    @property
    def done(self) -> bool:
        """Whether nothing more will come of it."""
        return self.answer is not None or bool(self.error)


def render_header(lang: str) -> str:
    """The page's head: name, purpose, a new conversation, and the language."""
    words = TEXTS[lang]
    choices = "".join(
        f'<button type="button" data-language="{code}" lang="{code}" aria-pressed="{str(code == lang).lower()}">{name}</button>'
        for code, name in (("de", "Deutsch"), ("en", "English"))
    )
    fresh = f'<button type="button" data-fresh="">{words["fresh"]}</button>'
    return (
        f'<header class="head"><h1>Belegt</h1><p>{words["tagline"]}</p>'
        f'<div class="choices">{fresh}<span role="group" aria-label="{words["language"]}">{choices}</span></div></header>'
    )


def render_answer(answer: Answer, lang: str, turn: int = 0, limited: bool = False) -> str:
    """An answer or an abstention as HTML; the key of each citation is `turn`, a dot, and its place in the answer."""
    words, language = TEXTS[lang], escape(answer.language)
    places = {c.n: (f"{turn}.{i}", c) for i, c in enumerate(answer.citations)}

    def buttons(numbers: Sequence[int]) -> str:
        return "".join(_cite_button(*places[n], lang) for n in numbers if n in places)

    if answer.abstained:
        first = len(answer.citations)
        items = "".join(f"<li>{_source_button(f'{turn}.{first + i}', c, lang, quoted=True)}</li>" for i, c in enumerate(answer.nearest))
        nearest = f'<h4>{words["nearest"]}</h4><ul class="sources">{items}</ul>' if items else ""
        sure = words["nearest_confidence"].format(p=percent(answer.confidence, lang))
        hint = _outlets_asked(answer, lang) + (f"<p>{words['widen']}</p>" if limited else "")
        instead = render_suggested(words["instead"], what_of((c.title for c in answer.nearest), lang))
        return (
            f'<div class="answer abstained"><h3><span aria-hidden="true">∅</span> {words["abstained"]}</h3>'
            f'<p lang="{language}">{escape(answer.text)}</p>{hint}{nearest}{instead}{_withheld(answer, lang)}'
            f'<p class="small">{sure}</p></div>'
        )

    def line(sentence: Sentence) -> str:
        cited = [places[n][1] for n in sentence.citations if n in places]
        notes = list(dict.fromkeys(note for c in cited for note in _voice(c, lang)))
        notes += dict.fromkeys(words["as_of"].format(day=facts_line(lang, "", c.published)) for c in cited if c.outdated)
        badges = "".join(f'<span class="badge">{escape(note)}</span> ' for note in notes)
        how = "weighed" if sentence.checked_by == "network" else sentence.support
        support = f'<span class="support" title="{words[f"{how}_hint"]}">{words[how]}</span>'
        return f'{badges}<span lang="{language}">{_with_short(sentence.text, cited)}</span> {buttons(sentence.citations)} {support}'

    said, rest = [], list(answer.sentences)
    for conflict in answer.conflicts:
        sides = [s for s in rest if set(s.citations) & set(conflict.citations)]
        rest = [s for s in rest if s not in sides]
        columns = "".join(f'<div class="side">{_outlets([places[n][1] for n in s.citations], lang)}<p>{line(s)}</p></div>' for s in sides)
        about = f"<p><b>{words['conflict']}:</b> {escape(conflict.about)}</p>"
        said.append(
            f'<div class="conflict" role="group" aria-label="{words["conflict"]}">{about}<div class="sides">{columns}</div></div>'
        )
    said += [f"<p>{line(sentence)}</p>" for sentence in rest]
    items = "".join(f"<li>{_source_button(key, citation, lang)}</li>" for key, citation in places.values())
    return (
        f'<div class="answer">{"".join(said)}{_missing(answer)}{_outlets_asked(answer, lang)}{_withheld(answer, lang)}'
        f'<h4>{words["sources"]}</h4><ul class="sources">{items}</ul>'
        f'<p class="small"><span title="{words["confidence_hint"]}">'
        f"{words['confidence'].format(p=percent(answer.confidence, lang))}</span></p></div>"
    )


def as_markdown(turns: Sequence[Turn], lang: str) -> str:
    """A conversation as Markdown, every citation a footnote with quote, outlet, date, title and the file's characters."""
    words = TEXTS[lang]
    parts = []
    for number, turn in enumerate(turns, 1):
        parts.append(f"**{literal(turn.question)}**")
        chips = _chips(turn.limits, lang)
        if chips:
            parts.append(f"({' · '.join(map(literal, chips))})")
        if turn.error:
            parts.append(f"{words['failed']} {literal(turn.error)}")
        if turn.answer is None:
            continue
        footnote = f"[^{number}-{{}}]" if len(turns) > 1 else "[^{}]"
        # an answer's own brackets are escaped, so that only its citations look like [1]
        parts.append(re.sub(r"(?<!\\)\[(\d+)\]", lambda match, form=footnote: form.format(match[1]), turn.answer.text))  # type: ignore[misc]
        for c in turn.answer.citations:
            about = literal(", ".join(filter(None, (*_voice(c, lang), facts_line(lang, c.outlet, c.published), c.title or c.article_id))))
            quote = literal(words["quote"].format(quote=" ".join(c.quote.split())))
            url = c.url if _ADDRESS.fullmatch(c.url) else literal(c.url)
            where = " ".join(filter(None, (url, f"({literal(c.article_id)}, {c.start}–{c.end})")))
            parts.append(f"{footnote.format(c.n)}: {quote} {about} {where}")
    return "\n\n".join(parts) + "\n"


def render_suggested(label: str, questions: Sequence[str]) -> str:
    """Questions as buttons that ask them; nothing for none."""
    asked = map(escape, questions)
    items = "".join(f'<li><button type="button" class="suggested" data-ask="{question}">{question}</button></li>' for question in asked)
    return f'<h4>{label}</h4><ul class="sources">{items}</ul>' if items else ""


def _chips(limits: Limits, lang: str) -> list[str]:
    words = TEXTS[lang]
    days = [words[name].format(day=facts_line(lang, "", day)) for name, day in (("since", limits.since), ("until", limits.until)) if day]
    most = [words["at_most"].format(n=limits.most)] if limits.most else []
    return [*days, *limits.outlets, *([words["with_comments"]] if limits.comments else []), *most]


def _outlets(citations: Sequence[Citation], lang: str) -> str:
    names = dict.fromkeys(facts_line(lang, c.outlet or c.title or c.article_id, c.published) for c in citations)
    return f'<p class="facts">{escape("; ".join(names))}</p>'


def _outlets_asked(answer: Answer, lang: str) -> str:
    return f'<p class="small">{escape(TEXTS[lang]["only_outlets"].format(outlets=", ".join(answer.outlets)))}</p>' if answer.outlets else ""


def _withheld(answer: Answer, lang: str) -> str:
    """What a language model wrote that the articles don't carry, for those who want to know, and why quotes stand in for it."""
    words = TEXTS[lang]
    items = "".join(f"<li>{escape(d.text)} {_faults(d, words)}</li>" for d in answer.dropped)
    dropped = f"<details><summary>{words['dropped'].format(n=len(answer.dropped))}</summary><ul>{items}</ul></details>" if items else ""
    said = in_words(BelegtError(answer.status, answer.status_code, **answer.status_facts), lang)
    status = f"<p>{words['model_status'].format(status=escape(said))}</p>" if said else ""
    return f'<div class="small withheld">{status}{dropped}</div>' if status or dropped else ""


def _faults(dropped: Dropped, words: Mapping[str, str]) -> str:
    # what isn't of the sentence's own words is the guard's name for a kind of word
    said = (f": {shortened(fault.what, _FAULT)}" if fault.what in dropped.text else "" for fault in dropped.faults)
    told = (words[f"fault_{fault.kind}"] + what for fault, what in zip(dropped.faults, said, strict=True))
    return " ".join(f'<span class="badge">{escape(one)}</span>' for one in dict.fromkeys(told))


def _missing(answer: Answer) -> str:
    """What the answer's text says beyond its sentences: the parts of the question that the articles leave open."""
    lines = [line for line in answer.text.split("\n\n") if line.strip() and not re.search(r"(?<!\\)\[\d+\]", line)]
    if answer.conflicts:
        lines = lines[1:]  # the card says that sources differ
    return "".join(f'<p class="missing" lang="{escape(answer.language)}">{escape(unescaped(line))}</p>' for line in lines)


def render_turns(turns: Sequence[Turn], lang: str, hints: str = "") -> str:
    """The conversation so far; `hints` is HTML to show where there is none yet."""
    words = TEXTS[lang]
    if not turns:
        return f'<div class="turns empty"><h2>{words["empty"]}</h2><p>{words["empty_hint"]}</p>{hints}</div>'
    html = []
    for number, turn in enumerate(turns):
        chips = _chips(turn.limits, lang)
        if turn.error:
            said = f'<div class="answer error"><p><b>{words["failed"]}</b> {escape(turn.error)}</p></div>'
        elif turn.answer:
            said = render_answer(turn.answer, lang, number, limited=bool(chips))
        else:
            ready = "".join(f'<p class="ready">{escape(sentence.text)}</p>' for sentence in turn.growing)
            said = f'<div class="answer pending">{ready}<p>{words["searching"]}</p></div>'
        asked = f'<h3 class="asked"><span class="unseen">{words["asked"]}</span> {escape(turn.question)}</h3>'
        listed = "".join(f"<li>{escape(chip)}</li>" for chip in chips)
        limits = f'<ul class="chips" aria-label="{words["filters"]}">{listed}</ul>' if listed else ""
        further = _further(turns, lang) if turn is turns[-1] else ""
        html.append(f'<section class="turn" data-turn="{number}">{asked}{limits}{said}{_actions(turn, lang)}{further}</section>')
    saves = "".join(f'<button type="button" data-save="{kind}">{words[f"export_{kind}"]}</button>' for kind in ("md", "json"))
    save = f'<div class="actions save" role="group" aria-label="{words["export"]}">{words["export"]}: {saves}</div>'
    return f'<div class="turns"><h2 class="unseen">{words["conversation"]}</h2>{"".join(html)}{save}</div>'


def _further(turns: Sequence[Turn], lang: str) -> str:
    """What the last answer leads to and wasn't asked yet."""
    asked = {turn.question for turn in turns}
    return render_suggested(TEXTS[lang]["next"], [question for question in turns[-1].leads.questions(lang) if question not in asked])


def _actions(turn: Turn, lang: str) -> str:
    """What can be done with a question and its answer."""
    words, question = TEXTS[lang], escape(turn.question)
    if not (turn.answer or turn.error):
        return ""

    def button(do: str, **data: str) -> str:
        carried = "".join(f' data-{name}="{value}"' for name, value in data.items())
        return f'<button type="button" data-do="{do}"{carried}>{words[do]}</button>'

    buttons = [button(do, question=question) for do in ("edit", "retry")]
    buttons.append(button("link", question=question, done=words["copied"]))
    form = ""
    if turn.answer:
        buttons += [button("copy", copy=escape(as_markdown([turn], lang)), done=words["copied"]), button("good"), button("bad")]
        send = f'<button type="button" data-do="reason">{words["reason"]}</button>'
        form = f'<div class="why" hidden><label>{words["reason_label"]} <input type="text" maxlength="500"></label> {send}</div>'
    return f'<div class="actions" role="group" aria-label="{words["actions"]}">{"".join(buttons)}</div>{form}'


def _voice(citation: Citation, lang: str) -> list[str]:
    """What the words are, where they aren't the article's own."""
    words = TEXTS[lang]
    if citation.voice == "comment":
        return [f"{words['comment_by']}: {', '.join(filter(None, (citation.by or words['anonymous'], citation.at)))}"]
    return [words["caption"]] if citation.voice == "caption" else []


def _cite_button(key: str, citation: Citation, lang: str) -> str:
    words, place = TEXTS[lang], facts_line(lang, citation.outlet or citation.title, citation.published)
    lines = [words["quote"].format(quote=" ".join(citation.quote.split())), place]
    lines += _voice(citation, lang)
    label = escape(f"{words['cite'].format(n=citation.n)}: {place}")
    title = escape("\n".join(filter(None, lines)))
    return f'<button type="button" class="cite" data-key="{key}" aria-label="{label}" title="{title}">[{citation.n}]</button>'


def _source_button(key: str, citation: Citation, lang: str, *, quoted: bool = False) -> str:
    words, facts = TEXTS[lang], escape(facts_line(lang, citation.outlet, citation.published))
    lines = [f'<span class="facts"><b>[{citation.n}]</b> {facts}</span>', f"<span>{escape(citation.title or citation.article_id)}</span>"]
    if quoted:
        lines.append(f"<q>{escape(' '.join(citation.quote.split()))}</q>")
    notes = _voice(citation, lang)
    if citation.edited:
        notes.append(words[citation.edited])
    lines += [f'<span class="badge">{escape(note)}</span>' for note in notes]
    return f'<button type="button" class="source" data-key="{key}">{" ".join(lines)}</button>'


def _with_short(text: str, citations: Sequence[Citation]) -> str:
    """A sentence with the words that answer in bold, found through their place in the quotes."""
    text = _squeeze(text)
    bold: list[tuple[int, int]] = []
    for citation in citations:
        if citation.answer_start is None or citation.answer_end is None:
            continue
        quote, begin = _squeeze(citation.quote), citation.answer_start - citation.start
        answer = _squeeze(citation.quote[begin : citation.answer_end - citation.start])
        begin = len(_squeeze(citation.quote[:begin]))
        if text.strip() and text.strip() in quote:
            begin -= quote.index(text.strip())
        elif quote.strip() and quote.strip() in text:
            begin += text.index(quote.strip())
        else:
            found = re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", text)
            begin = found.start() if found else -1
        if begin >= 0 and answer.strip() and text[begin : begin + len(answer)] == answer:
            bold.append((begin, begin + len(answer)))
    cuts = sorted({0, len(text), *(at for span in bold for at in span)})
    pieces = [(escape(text[a:b]), any(begin <= a and b <= end for begin, end in bold)) for a, b in pairwise(cuts)]
    return "".join(f"<strong>{piece}</strong>" if strong else piece for piece, strong in pieces)


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text)
