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


# -- readers' letters and comments without a time ---------------------------------------------------------------------


def _remarks(article: Article) -> list[tuple[str, str, str]]:
    return [(s.by, s.at, article.text[s.start : s.end]) for s in article.stretches if s.kind == "comment"]


def _reported(article: Article) -> str:
    return "\n".join(article.text[s.start : s.end] for s in article.stretches if s.kind in ("article", "heading"))


_RUMOUR = "Wer bezahlt den Schaden? Im Nachbardorf soll eine Brücke eingestürzt sein."
_LETTERS = {
    "b.txt": f"Leserbriefe\n\nZum Bericht vom 2. Mai:\n{_RUMOUR}\nDr. Eva Lindt, Bad Ahlen\n\nGut gemacht!\nJo Kern (Achtal)\n",
    "b.md": f"## Leserpost zum Fluss\n\n*Zu „Ache“, 02.05.2026:*\n\n{_RUMOUR}\n\n*Dr. Eva Lindt, Bad Ahlen*\n\nGut gemacht!\n– Jo Kern\n",
    "b.text": f"Letters to the editor\n\nA shame\n\n{_RUMOUR}\n\nDr. Eva Lindt, Bad Ahlen\n\nGut gemacht!\nJo Kern\nDie Redaktion kürzt.\n",
}  # fmt: skip


@pytest.mark.parametrize("name", _LETTERS)
def test_readers_letters_are_signed_below_and_no_reporting(tmp_path: Path, name: str) -> None:
    article = _read(tmp_path, name, f"Hochwasser an der Ache\n\n{BODY}\n\n{MORE}\n\n{_LETTERS[name]}")
    assert _remarks(article) == [("Dr. Eva Lindt", "", _RUMOUR), ("Jo Kern", "", "Gut gemacht!")]
    assert "eingestürzt" not in _reported(article)
    assert MORE in _reported(article)


def test_letters_in_wrapped_text_and_on_a_page(tmp_path: Path) -> None:
    long = (
        "Die Ache führt seit dem Wochenende Hochwasser, und im ganzen Tal sind\n"
        "drei Straßen gesperrt, wie die Feuerwehr am Abend mitteilte. Am\n"
        "Montag soll der Pegel noch einmal steigen, danach rechnet das Amt mit\n"
        "einer Entspannung der Lage in allen Orten am Oberlauf der Ache.\n"
    )
    letter = "Seit Jahren wird am Deich gespart, und im Nachbardorf soll dabei schon\neine Brücke eingestürzt sein."
    article = _read(tmp_path, "a.txt", f"Hochwasser an der Ache\n\n{long}\nLeserbriefe\n\n{letter}\nEva Lindt, Ahlen\n")
    assert _remarks(article) == [("Eva Lindt", "", letter)]
    page = (
        f'<html lang="de"><head><title>Hochwasser</title></head><body><article><h1>Hochwasser</h1><p>{BODY}</p><p>{MORE}</p>'
        "<figure><img src=x><figcaption>Die Ache am Montag.</figcaption></figure>"
        f"<h2>Leserbriefe</h2><p>{_RUMOUR}</p><p><em>Eva Lindt, Ahlen</em></p></article></body></html>"
    )
    article = _read(tmp_path, "a.html", page)
    assert _remarks(article) == [("Eva Lindt", "", _RUMOUR)]
    assert [article.text[s.start : s.end] for s in article.stretches if s.kind == "caption"] == ["Die Ache am Montag."]


@pytest.mark.parametrize(
    "rest",
    [
        "Reaktionen\n\nEva Lindt:\n„Das ist ein Skandal für das ganze Tal“, sagte sie.\n\nJo Kern:\n„Wir prüfen das“, sagte er.",
        "Leserstimmen gesucht\n\nDie Redaktion hatte gefragt; 40 haben geantwortet.\n\nJo Kern",
        "Leserbriefe an die Ministerin\n\nDie Schüler schrieben 40 Briefe und bekamen eine Antwort.",
    ],
)
def test_what_others_say_in_the_reporting_is_no_readers_letter(tmp_path: Path, rest: str) -> None:
    assert not _remarks(_read(tmp_path, "a.txt", f"Hochwasser an der Ache\n\n{BODY}\n\n{rest}\n"))


@pytest.mark.parametrize(
    ("thread", "remarks"),
    [
        (
            "Kommentare\n\nKati:\nEndlich!\n\nUwe L. (vor 2 Stunden):\nNa ja.",
            [("Kati", "", "Endlich!"), ("Uwe L.", "vor 2 Stunden", "Na ja.")],
        ),
        ("## Kommentare (2)\n\n> **Kati** – Endlich!\n\n> **Uwe L.:** Na ja.", [("Kati", "", "Endlich!"), ("Uwe L.", "", "Na ja.")]),
        (
            "Kommentare\n\nSortieren nach:\nNeueste zuerst\n\n#1 Kati, 24.11.2025 09:31\nEndlich.\nFazit:\nGut.",
            [("Kati", "24.11.2025 09:31", words) for words in ("Endlich.", "Fazit:", "Gut.")],
        ),
    ],
)  # fmt: skip
def test_comments_need_no_time_and_their_number_is_no_name(tmp_path: Path, thread: str, remarks: list[tuple[str, str, str]]) -> None:
    assert _remarks(_read(tmp_path, "a.md", f"# Hochwasser an der Ache\n\n{BODY}\n\n{thread}\n")) == remarks


@pytest.mark.parametrize(
    ("letters", "remarks"),
    [
        ("Hört endlich zu!\nIna Boll, Achtal, per Fax\n\nNein.\nJo Kern, Ahlen", [("Ina Boll", "Hört endlich zu!"), ("Jo Kern", "Nein.")]),
        (
            "Hört endlich zu!\n\nDr. med. Ina Boll (63), Ahlen (Tal)\n\nNein.\n\nBernd O.",
            [("Dr. med. Ina Boll", "Hört endlich zu!"), ("Bernd O.", "Nein.")],
        ),
        ("Schlechte Planung\n\nHört endlich zu!\n\nIna Boll\nAchtal", [("Ina Boll", "Hört endlich zu!")]),
        ("Hört endlich zu!\n\nMit besten Grüßen\n\nIna Boll, Achtal", [("Ina Boll", "Hört endlich zu!")]),
        (
            "Hört endlich zu!\n\neine besorgte Anwohnerin\n\nNein.\n\nJo Kern, Ahlen\n\nDoch!\n\nIna Boll, Achtal",
            [("", "Hört endlich zu!"), ("Jo Kern", "Nein."), ("Ina Boll", "Doch!")],
        ),
    ],
)
def test_a_letter_has_the_name_below_it_or_none(tmp_path: Path, letters: str, remarks: list[tuple[str, str]]) -> None:
    article = _read(tmp_path, "a.txt", f"Hochwasser an der Ache\n\n{BODY}\n\nLeserbriefe\n\n{letters}\n\nAus dem Rathaus\n\n{MORE}\n")
    assert [(by, words) for by, _, words in _remarks(article)] == remarks
    assert _reported(article) == f"{BODY}\nAus dem Rathaus\n{MORE}"  # what comes below the letters is reporting again
    assert article.author == ""


def test_a_file_of_letters_alone_is_called_so(tmp_path: Path) -> None:
    article = _read(tmp_path, "a.txt", f"Leserbriefe\n\n{_RUMOUR}\nIna Boll, Achtal\n\nNein.\nJo Kern, Ahlen\n")
    assert article.title == "Leserbriefe"
    assert [by for by, *_ in _remarks(article)] == ["Ina Boll", "Jo Kern"]


@pytest.mark.parametrize(
    "section",
    [
        "Kommentare\n\nFrage:\nWie lange noch?\n\nBoll:\nZwei Tage.\n\nFrage:\nUnd dann?\n\nBoll:\nDann wird geräumt.",
        "Leserforum in Achtal\n\nAm 9. Mai wird im Saal gestritten.\nEs leitet Redakteurin\nIna Boll\n\nDie Pläne sind da.\nJo Kern, Ahlen",
        "Reaktionen\n\nLandrätin Ina Boll sagte gestern: „Das Tal hält zusammen.“",
        "Reaktionen\n\nDeichgraf Jo Kern schrieb am 2. Mai 2026:\n„Das Tal hält zusammen.“",
    ],
)
def test_interviews_and_reported_speech_are_no_comments(tmp_path: Path, section: str) -> None:
    article = _read(tmp_path, "a.txt", f"Hochwasser an der Ache\n\n{BODY}\n\n{section}\n\n{MORE}\n")
    assert not _remarks(article)
    assert MORE in _reported(article)


def test_a_street_poll_ends_where_the_reporting_goes_on(tmp_path: Path) -> None:
    poll = "Leserstimmen\n\nIna Boll:\n„Mir macht das Angst.“\n\nJo Kern:\n„Mir nicht.“"
    article = _read(tmp_path, "a.txt", f"Hochwasser an der Ache\n\n{BODY}\n\n{poll}\n\n{MORE}\n")
    assert _remarks(article) == [("Ina Boll", "", "„Mir macht das Angst.“"), ("Jo Kern", "", "„Mir nicht.“")]
    assert _reported(article) == f"{BODY}\n{MORE}"


def test_updates_of_a_ticker_are_no_comments(tmp_path: Path) -> None:
    ticker = f"Aktualisiert: 05.03.2026, 12:01 Uhr\n\n{BODY}\n\nTeilen\n\nUpdate, 05.03.2026, 11:40 Uhr\n\n{MORE}\n\nTeilen\n"
    article = _read(tmp_path, "a.txt", f"Hochwasser an der Ache\n\n{ticker}")
    assert not _remarks(article)
    assert _reported(article) == f"{BODY}\n{MORE}"


# -- comments of a page -----------------------------------------------------------------------------------------------

_MARKED = {
    "spans": (
        '<section id="comments"><h2>2 Kommentare</h2>'
        '<div class="comment"><span class="comment-author">Kati</span> <time>05.03.2026 12:01</time><p>Das war der Biber.</p></div>'
        '<div class="comment"><span class="comment-author">Uwe L.</span> <time>05.03.2026 13:40</time><p>Na ja.</p></div></section>'
    ),
    "sentence": (
        '<div id="kommentare"><div class="comment"><b>Kati</b> schrieb am 05.03.2026 12:01: <p>Das war der Biber.</p></div>'
        '<div class="comment"><b>Uwe L.</b> schrieb am 05.03.2026 13:40: <p>Na ja.</p></div></div>'
    ),
    "replies": (
        '<ol class="comment-list"><li class="comment even"><article class="comment-body"><footer><b class="fn">Kati</b> '
        '<span>sagt:</span><div><time>05.03.2026 12:01</time></div></footer><div><p>Das war der Biber.</p></div>'
        '<div class="reply"><a>Antworten</a></div></article><ol class="children"><li class="comment odd"><article class="comment-body">'
        '<footer><b class="fn">Uwe L.</b> <span>sagt:</span>'
        "<div><time>05.03.2026 13:40</time></div></footer><div><p>Na ja.</p></div></article></li></ol></li></ol>"
    ),
    "classes": (
        '<section class="leserkommentare"><div class="kommentar"><div>Das war der Biber.</div><i class="user">Kati</i>'
        '<time>05.03.2026 12:01</time></div><div class="kommentar"><div>Na ja.</div>'
        '<i class="user">Uwe L.</i><time>05.03.2026 13:40</time></div></section>'
    ),
}  # fmt: skip


@pytest.mark.parametrize("inside", [True, False])
@pytest.mark.parametrize("form", _MARKED)
def test_a_page_keeps_who_commented_and_when(tmp_path: Path, form: str, inside: bool) -> None:
    thread = _MARKED[form]
    page = (
        f'<html lang="de"><head><title>Hochwasser</title></head><body><main><article><h1>Hochwasser</h1><p>{BODY}</p><p>{MORE}</p>'
        f"{thread if inside else ''}</article>{'' if inside else thread}</main></body></html>"
    )
    article = _read(tmp_path, "a.html", page)
    assert _remarks(article) == [("Kati", "05.03.2026 12:01", "Das war der Biber."), ("Uwe L.", "05.03.2026 13:40", "Na ja.")]
    assert _reported(article) == f"{BODY}\n{MORE}"


def test_comments_that_a_page_does_not_mark_are_kept_without_a_name(tmp_path: Path) -> None:
    page = (
        f'<html lang="de"><head><title>Hochwasser</title></head><body><article><h1>Hochwasser</h1><p>{BODY}</p><p>{MORE}</p></article>'
        '<section id="comments"><h3>Reden Sie mit</h3><div><b>Kati</b><p>Das war der Biber.</p></div>'
        "<p>Deine E-Mail wird nicht veröffentlicht.</p></section></body></html>"
    )
    assert _remarks(_read(tmp_path, "a.html", page)) == [("", "", "Das war der Biber.")]


def test_an_opinion_piece_is_no_readers_comment(tmp_path: Path) -> None:
    page = (
        f'<html lang="de"><head><title>Hochwasser</title></head><body class="comments-open"><article class="comment"><h1>Hochwasser</h1>'
        f"<p>{BODY}</p><p>{MORE}</p></article></body></html>"
    )
    assert _reported(_read(tmp_path, "a.html", page)) == f"{BODY}\n{MORE}"


def test_a_page_that_may_be_commented_on_is_no_comment(tmp_path: Path) -> None:
    page = (
        f'<html lang="de"><head><title>Zu wenig getan</title></head><body class="single has-comments"><h1>Zu wenig getan</h1>'
        f'<div class="kommentar"><p>{BODY}</p><p>{MORE}</p></div></body></html>'
    )
    assert _reported(_read(tmp_path, "a.html", page)) == f"{BODY}\n{MORE}"
    page = page.replace('single has-comments"', 'single"><div class="kommentare"').replace("</body>", "</div></body>")
    assert _reported(_read(tmp_path, "a.html", page)) == f"{BODY}\n{MORE}"


def test_a_marked_name_goes_before_what_looks_like_one(tmp_path: Path) -> None:
    thread = (
        '<section id="comments"><div class="comment"><p>Ein Vorschlag:</p><p>Pumpen kaufen.</p><i class="comment-author">Kati</i></div>'
        '<div class="comment"><p>Na ja.</p><i class="comment-author">Uwe L.</i></div></section>'
    )
    page = (
        f'<html lang="de"><head><title>Hochwasser</title></head><body><article><h1>Hochwasser</h1><p>{BODY}</p><p>{MORE}</p></article>'
        f"{thread}</body></html>"
    )
    assert _remarks(_read(tmp_path, "a.html", page)) == [("Kati", "", "Ein Vorschlag:\nPumpen kaufen."), ("Uwe L.", "", "Na ja.")]


def test_comments_of_a_record_may_lack_a_name_and_hold_marks(tmp_path: Path) -> None:
    remarks = [
        {"author": None, "date": None, "text": "Na ja."}, {"author": {"name": "Kati"}, "text": "<p>Gut &amp; <b>schön</b>.</p>"},
        {"author": ["Uwe", "Jo"], "text": "3 < 4"}, {"author": "Ina", "text": None}, None, "Hm.",
    ]  # fmt: skip
    article = _read(tmp_path, "a.json", json.dumps({"title": "Hochwasser", "body": BODY, "author": {"name": "Eva"}, "comments": remarks}))
    said = [("", "Na ja."), ("Kati", "Gut & schön."), ("Uwe, Jo", "3 < 4"), ("", "Hm.")]
    assert [(by, words) for by, _, words in _remarks(article)] == said
    assert article.author == "Eva"


# -- outlet, author and title where they are marked, joined or labelled -----------------------------------------------


@pytest.mark.parametrize(
    ("name", "head", "known"),
    [
        ("a.md", "# Ache steigt an\n\n*Funkhaus Ache | Stand: 12.03.2026, 8:40 Uhr*", ("Ache steigt an", "Funkhaus Ache", "")),
        ("a.md", "**Talbote** · 12. März 2026 · Land & Leute\n\n# Ache steigt an\n\nVon *Eva Lindt* und *Jo Kern*",
         ("Ache steigt an", "Talbote", "Eva Lindt und Jo Kern")),
        ("a.md", "**Ache steigt weiter an**\n\n*Aus Achtal berichtet Jo Kern*\n\n*Talbote, 12.03.2026*",
         ("Ache steigt weiter an", "Talbote", "Jo Kern")),
        ("a.txt", "Ache steigt weiter an\n\nDer Talbote – Donnerstag, 12.03.2026 – von Eva Lindt",
         ("Ache steigt weiter an", "Der Talbote", "Eva Lindt")),
        ("a.txt", "Ache steigt weiter an\n\n12.03.2026, 8:40 Uhr | Von Eva Lindt", ("Ache steigt weiter an", "", "Eva Lindt")),
        ("a.txt", "Ache steigt weiter an\n\nAchtal | 12.03.2026", ("Ache steigt weiter an", "", "")),
        ("a.txt", "Titel: Ache steigt weiter an\nQuelle: Talblog Achtal\nDatum: 12.03.2026\nAutor: Jo Kern",
         ("Ache steigt weiter an", "Talblog Achtal", "Jo Kern")),
        ("a.txt", "Titel: Achtal holt wieder den Pokal\n\n12.03.2026", ("Titel: Achtal holt wieder den Pokal", "", "")),
    ],
)  # fmt: skip
def test_a_head_tells_outlet_author_and_title(tmp_path: Path, name: str, head: str, known: tuple[str, str, str]) -> None:
    article = _read(tmp_path, name, f"{head}\n\n{BODY}\n\n{MORE}\n")
    assert (article.title, article.outlet, article.author) == known
    assert article.published == date(2026, 3, 12)
    assert _reported(article) == f"{BODY}\n{MORE}"


@pytest.mark.parametrize(
    ("name", "text", "known"),
    [
        ("a.txt", "Ache steigt an\n\nAktualisiert: 14.03.2026, erschienen am Donnerstag, 12.03.2026",
         ("Ache steigt an", "", date(2026, 3, 12))),
        ("a.txt", "Ache steigt an\n\n12.03.2026 veröffentlicht, aktualisiert 14.03.2026", ("Ache steigt an", "", date(2026, 3, 12))),
        ("a.txt", "Donnerstag, 12. März\n\nAche steigt an", ("Ache steigt an", "", None)),
        ("a.txt", "Ache steigt an\n\nQuelle: https://www.talbote.example/a/17", ("Ache steigt an", "talbote.example", None)),
        ("a.md", "# Ache steigt an\n\n> Talbote, 12.03.2026", ("Ache steigt an", "Talbote", date(2026, 3, 12))),
        ("a.md", "# Ache steigt an\n\n### 12. März 2026", ("Ache steigt an", "", date(2026, 3, 12))),
        ("a.md", "# Ache steigt an\n\n### Talbote, 12. März 2026", ("Ache steigt an", "Talbote", date(2026, 3, 12))),
    ],
)  # fmt: skip
def test_a_head_tells_when_and_where_it_appeared(tmp_path: Path, name: str, text: str, known: tuple[str, str, date | None]) -> None:
    article = _read(tmp_path, name, f"{text}\n\n{BODY}\n\n{MORE}\n")
    assert (article.title, article.outlet, article.published) == known
    assert _reported(article) == f"{BODY}\n{MORE}"


def test_the_days_of_a_chronicle_are_its_headings(tmp_path: Path) -> None:
    article = _read(tmp_path, "a.md", f"# Tage der Flut\n\n## 3. März 2026\n\n{BODY}\n\n## 4. März 2026\n\n{MORE}\n")
    assert _reported(article) == f"3. März 2026\n{BODY}\n4. März 2026\n{MORE}"
    assert article.published is None


@pytest.mark.parametrize(
    ("page_title", "outlet"),
    [("Ache steigt an – Achblick", "Achblick"), ("Ache steigt an | Region - Achblick", "Achblick"), ("Ache steigt an", "xpa")],
)
def test_a_page_names_its_site_in_its_title(tmp_path: Path, page_title: str, outlet: str) -> None:
    page = (
        f'<html lang="de"><head><title>{page_title}</title><meta name="author" content="Aus Achtal berichtet Jo Kern"></head><body>'
        f"<article><h1>Ache steigt an</h1><p>ACHTAL (xpa) – {BODY}</p><p>{MORE}</p></article></body></html>"
    )
    article = _read(tmp_path, "a.html", page)
    assert (article.title, article.outlet, article.author) == ("Ache steigt an", outlet, "Jo Kern")


@pytest.mark.parametrize(("mark", "kept"), [("*{}*", False), ("**{}**", False), ("_{}_", False), ("*Nun:* {}", True)])
def test_emphasis_around_a_whole_paragraph_is_not_quoted(tmp_path: Path, mark: str, kept: bool) -> None:
    line = mark.format(MORE)
    article = _read(tmp_path, "a.md", f"# Ache steigt an\n\n{BODY}\n\n{line}\n\n{BODY[::-1]}.\n")
    assert (line if kept else MORE) in _reported(article).split("\n")
    assert article.text == Path(article.path).read_text("utf-8")
