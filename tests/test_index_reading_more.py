"""Files → articles: what an outside file says about itself, parts that a page doesn't show, dates."""

import json
import unicodedata
from datetime import date
from pathlib import Path

import pytest

from index.articles import read_articles
from index.dates import DATE, find_date, month_of, parse_date
from index.types import Article

BODY = "Die Ache führt Hochwasser, und das seit dem Wochenende. Im Tal sind drei Straßen gesperrt, teilte die Feuerwehr am Abend mit."
MORE = "Der Pegel lag am Abend bei 4,12 Metern und soll in der Nacht noch steigen; die Schule in Achtal bleibt am Mittwoch geschlossen."


def _read(folder: Path, name: str, content: str) -> Article:
    (folder / name).write_text(content, "utf-8")
    return read_articles(folder / name)[0]


# -- parts that a page doesn't show -----------------------------------------------------------------------------------


@pytest.mark.parametrize("hidden", ["script", "style", "noscript", "template"])
def test_what_html_does_not_show_is_no_reporting(tmp_path: Path, hidden: str) -> None:
    code = f"<{hidden}>nichts.zeigen();</{hidden}>"
    fields = {"title": "Hochwasser", "body": f"<p>{BODY}</p>{code} Davor. <p>{MORE}{code} Danach.</p>"}
    article = _read(tmp_path, "a.json", json.dumps(fields))
    assert "zeigen" not in article.text
    for shown in (BODY, "Davor.", f"{MORE} Danach."):
        assert shown in article.text
    page = (
        '<html lang="de"><head><title>Hochwasser</title></head><body><article><h1>Hochwasser</h1>'
        f"<p>{BODY}</p><p>{MORE}</p><figure><img src=x><figcaption>Die Ache {code}am Montag.</figcaption></figure></article></body></html>"
    )
    article = _read(tmp_path, "a.html", page)
    assert [article.text[s.start : s.end] for s in article.stretches if s.kind == "caption"] == ["Die Ache am Montag."]


# -- what a file says about itself ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("de", "de"), ("de-AT", "de"), ("de_CH", "de"), ("EN", "en"), ("German", "de"), ("Deutsch", "de"), ("deu", "de"),
        ("Englisch", "en"), ("eng", "en"), ("español", "es"), ("zh-Hans", "zh"), ("Klingonisch", "de"), ("-", "de"), ("", "de"),
    ],
)  # fmt: skip
def test_a_language_is_a_code_or_a_name_else_what_the_text_shows(tmp_path: Path, said: str, code: str) -> None:
    assert _read(tmp_path, "a.json", json.dumps({"title": "Hochwasser", "language": said, "body": BODY})).language == code


@pytest.mark.parametrize(
    ("name", "line", "title"),
    [
        ("a.txt", "#MeToo-Debatte erreicht das Achtal", "#MeToo-Debatte erreicht das Achtal"),
        ("a.md", "#MeToo-Debatte erreicht das Achtal", "#MeToo-Debatte erreicht das Achtal"),
        ("a.md", "# #MeToo-Debatte erreicht das Achtal", "#MeToo-Debatte erreicht das Achtal"),
        ("a.md", "# Hochwasser an der Ache", "Hochwasser an der Ache"),
        ("a.txt", "## Hochwasser an der Ache", "Hochwasser an der Ache"),
    ],
)
def test_a_title_may_begin_with_a_hashtag(tmp_path: Path, name: str, line: str, title: str) -> None:
    assert _read(tmp_path, name, f"{line}\n\n{BODY}\n\n{MORE}\n").title == title


# -- dates ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1. März 2025", date(2025, 3, 1)), ("1.März 2025", date(2025, 3, 1)), ("1.MÄRZ 2025", date(2025, 3, 1)),
        ("24.Nov.2025", date(2025, 11, 24)), ("24. Nov.2025", date(2025, 11, 24)), ("5. Jänner 2025", date(2025, 1, 5)),
        ("3. Mär. 2025", date(2025, 3, 3)), ("Nov.24, 2025", date(2025, 11, 24)), ("031126 Mär 26", date(2026, 3, 3)),
        ("1.März2025", None), ("24November 2025", None), ("124.Nov.2025", None), ("31.Nov.2025", None),
    ],
)  # fmt: skip
def test_dates_without_blanks_and_in_either_unicode(text: str, day: date | None, form: str) -> None:
    text = unicodedata.normalize(form, text)
    before = unicodedata.normalize(form, "Überall gilt es ab dem ")
    assert find_date(f"{before}{text}, 8 Uhr") == day
    if day:
        assert parse_date(text) == day
        match = DATE.search(f"{before}{text}, 8 Uhr")
        assert match
        assert (match.start(), match.group()) == (len(before), text)


def test_a_month_has_one_number_in_either_unicode() -> None:
    assert [month_of(unicodedata.normalize("NFD", name)) for name in ("März", "MÄR.", "Jänner")] == [3, 3, 1]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_dateline_is_known_in_either_unicode(tmp_path: Path, form: str) -> None:
    text = unicodedata.normalize(form, f"Hochwasser an der Ache\n\nTalbote, 3.März 2025, 8:00 Uhr\n\n{BODY}\n\n{MORE}\n")
    article = _read(tmp_path, "a.txt", text)
    assert (article.published, article.outlet) == (date(2025, 3, 3), "Talbote")
    assert [article.text[s.start : s.end] for s in article.stretches if s.kind == "article"] == [
        unicodedata.normalize(form, part) for part in (BODY, MORE)
    ]


def test_a_word_in_brackets_is_no_shortcode_and_a_headline_no_menu(tmp_path: Path) -> None:
    remark = "Er nannte das [sic] ein Wunder der Ache."
    article = _read(tmp_path, "a.txt", f"Suche nach Vermissten wegen Wetter unterbrochen\n\n{BODY}\n\n{remark}\n\n[gallery]\n")
    said = [article.text[s.start : s.end] for s in article.stretches if s.kind == "article"]
    assert said[-1] == remark
    assert article.title == "Suche nach Vermissten wegen Wetter unterbrochen"
    assert [article.text[s.start : s.end] for s in article.stretches if s.why == "shortcode"] == ["[gallery]"]
