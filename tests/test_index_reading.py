"""Files → articles: metadata, voices, noise, offsets."""

import contextlib
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.articles import SUFFIXES, read_articles, read_text
from index.errors import ReadError
from index.passages import split_passages
from index.sentences import is_place_line, split_sentences
from index.types import Article

PAGE = """Startseite | Region | Sport | Anmelden
Talbote – Zeitung für das Obertal
Neue Brücke über die Ache wird teurer
24.11.2025, 20:21 Uhr
Von Ilse Brandner und Jo Kern, Achtal

• Kosten steigen auf 12 Millionen Euro
• Eröffnung erst 2027
• Kosten steigen auf 12 Millionen Euro

Die neue Brücke über die Ache kostet zwölf Millionen Euro, vier Millionen mehr als geplant. Das teilte das Bauamt am Montag mit. [tb-related posts="12,13"]
Warum es länger dauert
Der Grund am Ostufer trägt nicht. Nun werden 84 Pfähle gesetzt, sagte Bauleiterin Rita Moos der Zeitung. Bis zum 3. Mai soll das geschehen.
Bauleiterin Rita Moos am Ostufer. (Foto: Talbote/Kern)
In ihrem Newsletter hatte die Bürgerinitiative um Spenden gebeten; eingegangen sind nach Angaben des Vorstands bisher 1.312,50 Euro.

Lesen Sie auch: Was der Fluss mitbringt
Jetzt unseren Newsletter abonnieren und gratis lesen!
AchetalBrückeBauamtKosten
Teilen | Drucken | Merken

3 Kommentare
%s
© 2025 Talbote · Impressum
"""
THREADS = {
    "lines": "Kati L. | 25.11.2025, 07:10\nEndlich!\nAntworten\n  Uwe | 25.11.2025, 07:31\n  Viel zu teuer.\n  Antworten\nEva | 26.11.2025, 09:00\nJa.\n",
    "numbers": (
        "  1. Kati L. 25. November 2025 um 7:10 Uhr - Antworten\n\n    Endlich!\n\n    • Uwe 25. November 2025 um 7:31 Uhr\n\n      Viel zu teuer.\n\n"
        "  2. Eva 26. November 2025 um 9:00 Uhr - Antworten\n\n    Ja.\n"
    ),
    "brackets": "Kati L. (25.11., 07:10): Endlich! Antworten\n>> Uwe (25.11., 07:31): Viel zu teuer. Antworten\nEva (26.11., 09:00): Ja. Antworten\n",
    "says": "Kati L. schreibt:\n25. November 2025 um 07:10\nEndlich!\n↳ Antworten\n\n  Uwe schreibt:\n  25. November 2025 um 07:31\n  Viel zu teuer.\n"
    "Eva schreibt:\n26. November 2025 um 09:00\nJa.\n",
    "dots": "Kati L. · 25. November 2025 · 07:10\nEndlich!\nAntworten\n  Uwe · 25. November 2025 · 07:31\n  Viel zu teuer.\nEva · 26. November 2025 · 09:00\nJa.\n",
    "quoted": "Kati L.\n25.11.2025 – 07:10\nEndlich!\n> Antworten\n\n>> Uwe\n>> 25.11.2025 – 07:31\n>> Viel zu teuer.\n>> Antworten\nEva\n26.11.2025 – 09:00\nJa.\n",
    "english": "**Kati L.** — Nov 25, 2025 at 7:10 am\nEndlich!\nReply\n\n> **Uwe** — Nov 25, 2025 at 7:31 am\n> Viel zu teuer.\n\n**Eva** — Nov 26, 2025 at 9:00 am\nJa.\n",
}  # fmt: skip


def _read(folder: Path, name: str, content: str | bytes) -> Article:
    file = folder / name
    file.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return read_articles(file)[0]


def _said(article: Article, kind: str) -> list[str]:
    return [article.text[s.start : s.end] for s in article.stretches if s.kind == kind]


@pytest.mark.parametrize("thread", THREADS)
def test_a_page_is_taken_apart(tmp_path: Path, thread: str) -> None:
    article = _read(tmp_path, "bruecke.txt", PAGE % THREADS[thread])
    assert article.title == "Neue Brücke über die Ache wird teurer"
    assert article.outlet == "Talbote"
    assert article.author == "Ilse Brandner und Jo Kern"
    assert article.published == date(2025, 11, 24)
    assert article.language == "de"
    reporting = " ".join(_said(article, "article"))
    assert reporting.count("Kosten steigen auf 12 Millionen Euro") == 1
    assert "1.312,50 Euro" in reporting
    assert _said(article, "heading") == ["Warum es länger dauert"]
    assert _said(article, "caption") == ["Bauleiterin Rita Moos am Ostufer. (Foto: Talbote/Kern)"]
    assert [(s.by, article.text[s.start : s.end]) for s in article.stretches if s.kind == "comment"] == [
        ("Kati L.", "Endlich!"), ("Uwe", "Viel zu teuer."), ("Eva", "Ja."),
    ]  # fmt: skip
    for dropped in ("Startseite", "Lesen Sie auch", "abonnieren", "AchetalBrücke", "Teilen", "related", "Antworten", "©"):
        assert all(dropped not in text for kind in ("article", "comment", "caption", "heading") for text in _said(article, kind)), dropped


_BEFORE = "Die Ache führt Hochwasser, und das seit dem Wochenende. Im Tal sind drei Straßen gesperrt, teilte die Feuerwehr am Montag mit."
_AFTER = "Der Pegel lag am Abend bei 4,12 Metern und soll in der Nacht noch steigen, wie das Landesamt für Umwelt in Achtal berichtete."


def _among_reporting(folder: Path, line: str) -> list[tuple[str, str]]:
    """How `line` is read between two paragraphs: kind and why."""
    article = _read(folder, "a.txt", f"Hochwasser an der Ache\n\n{_BEFORE}\n\n{line}\n\n{_AFTER}\n")
    return [(s.kind, s.why) for s in article.stretches if article.text[s.start : s.end] == line]


@pytest.mark.parametrize(
    "line",
    [
        # like promotion
        "Die Ukraine soll jetzt stärker unterstützt werden, sagte der Kanzler am Montag in Berlin.",
        "Die Mitglieder sollen jetzt in einer Urabstimmung befragt werden, teilte die Gewerkschaft mit.",
        "Finnland will schon im Sommer Mitglied der Nato werden.",
        "Sweden wants to join NATO as a full member this year, the minister said.",
        "Der Verein unterstützt Familien auf dem Land.",
        "Der Eintritt ist gratis.",
        "Ein Spendenkonto verzeichnete bis Freitagmittag 86.500 Euro.",
        "Hilfsorganisationen bitten um Spenden für die Opfer des Erdbebens.",
        "„Unterstützen Sie uns jetzt mit einer Spende“, rief der Kandidat seinen Zuschauern auf Facebook zu.",
        "Seit Montag können Kunden ihre Pakete hier per App bestellen.",
        "Als die Mitglieder hier ihre Zeitung lesen, klingelt das Telefon.",
        "Das Ticket gibt es nur noch im Abo, sagte die Sprecherin des Verkehrsverbunds.",
        "Auf den Rücktritt folgt auf Facebook ein Sturm der Entrüstung.",
        "Unterstützt von 40 Mitgliedern, zog der Verein auf den Marktplatz.",
        "Die Studie lässt sich [hier nachlesen](https://ufer.example/studie), teilte das Institut am Montag mit.",
        "Wie Forscher jetzt eine App gegen Schmerzen testen",
        "Bürger können sich jetzt per App zum Impfen anmelden",
        "Deutschland muss der Ukraine jetzt helfen!",
        "Residents can sign up for vaccination from Monday, the council said.",
        "Users who subscribe to the service pay eight dollars a month, the company said.",
        "Americans donate less to charities than they did, a survey found.",
        # like a footer
        "Datenschutzbehörden in ganz Europa haben am Montag Bußgelder verhängt.",
        "Kontakt zu den Entführern gab es nach Angaben der Polizei bis zum Abend nicht.",
        "Cookies seien für die Fahndung entscheidend gewesen, sagte der Ermittler.",
        "Alle Rechte an dem Lied liegen nach dem Urteil bei der Erbin.",
        "Nach oben schnellten die Preise für Heizöl im März.",
        "Datenschutz wird im neuen Gesetz großgeschrieben, sagte die Ministerin.",
        "Datenschutzbehörden verhängen Bußgeld",
        "Kontakt zur Sonde abgebrochen",
        "Impressum und Kontakt fehlten auf der Seite, bemängelte die Verbraucherzentrale.",
        "Copyright-Klage gegen KI-Firma abgewiesen",
        "Copyright law in Europe will change next year, ministers agreed.",
        "Sponsored athletes must declare their payments, the board ruled.",
        "Back to top form, the champion won in three sets.",
        "Meistgelesen war im vergangenen Jahr ein Roman über den Krieg.",
        "Kommentare schreiben ließ die Firma nach Angaben der Ermittler von Automaten.",
        "AGB der Bank benachteiligten nach Ansicht des Gerichts die Kunden.",
        # like a share bar
        "Facebook und WhatsApp waren am Montag stundenlang nicht erreichbar.",
        "Facebook und WhatsApp gestört",
        "Facebook, Telegram und WhatsApp löschen Konten",
        "X und Facebook wehren sich gegen das Gesetz",
        "Der Streit zwischen Facebook und X geht weiter.",
        "Per WhatsApp und Telegram verabredeten sich die Täter.",
        "Auf X und Facebook kursierte am Abend ein gefälschtes Video.",
        "WhatsApp oder Telegram: Was Behörden nutzen dürfen",
        "Teilen und Merken fällt Kindern leicht, sagt die Forscherin.",
        "Facebook and WhatsApp were down for hours on Monday.",
        "X and Telegram must pay, the court ruled.",
    ],
)
def test_reporting_in_words_that_pages_use_stays(tmp_path: Path, line: str) -> None:
    assert _among_reporting(tmp_path, line) in ([("article", "")], [("heading", "")])


@pytest.mark.parametrize(
    ("why", "line"),
    [
        ("promotion", "Jetzt Mitglied werden und den Talboten stärken!"),
        ("promotion", "Jetzt spenden"),
        ("promotion", "Newsletter abonnieren"),
        ("promotion", "JETZT NEWSLETTER ABONNIEREN"),
        ("promotion", "Mit Talbote+ jetzt weiterlesen: vier Wochen gratis"),
        ("promotion", "Noch kein Abo? Jetzt 4 Wochen für 1 Euro testen."),
        ("promotion", "Den Newsletter können Sie hier kostenlos bestellen."),
        ("promotion", "Der Newsletter ist gratis und erscheint jeden Freitag, hier anmelden."),
        ("promotion", "Wenn Ihnen unsere Arbeit gefällt, unterstützen Sie uns auf Steady."),
        ("promotion", "Wir finanzieren uns über Spenden: Spendenkonto IBAN DE12 3456."),
        ("promotion", "Ihre Spende hilft: Schon 5 Euro im Monat helfen uns weiter."),
        ("promotion", "Folge dem Talboten auf Telegram oder per RSS."),
        ("promotion", "Der Talbote im Abo: 12 Ausgaben für 30 Euro"),
        ("promotion", "Diesen Text gibt es auch als Podcast: Link in der Beschreibung."),
        ("promotion", "Unser Newsletter kommt freitags, [hier bestellen](https://talbote.example/brief)."),
        ("promotion", "Subscribe now for unlimited access."),
        ("promotion", "Donate today, every pound will help."),
        ("promotion", "Join the Ledger today and become a member."),
        ("promotion", "If you value our work, please consider a donation or sign up as a member."),
        ("promotion", "Download the Ledger app for breaking news."),
        ("footer", "Impressum und Datenschutz"),
        ("footer", "Kontakt: Jo Kern, Telefon 0123 45678, E-Mail jo@talbote.example."),
        ("footer", "Cookie-Einstellungen"),
        ("footer", "Cookies helfen uns, unsere Dienste bereitzustellen. Mit der Nutzung erklären Sie sich einverstanden."),
        ("footer", "Alle Rechte vorbehalten. Nachdruck nur mit Genehmigung des Verlags."),
        ("footer", "Copyright Harbour Ledger Ltd"),
        ("footer", "Nach oben ↑"),
        ("footer", "Netiquette: Beiträge mit Beleidigungen oder Werbung werden nicht freigegeben."),
        ("footer", "Meistgelesen in Politik"),
        ("footer", "Anzeige: Der Kalender mit allen Terminen ist ab sofort im Handel erhältlich."),
        ("footer", "Der Beitrag ist ursprünglich im Magazin Ufer erschienen."),
        ("footer", "Die Kommentarfunktion ist für diesen Artikel seit sieben Tagen geschlossen."),
        ("footer", "This article originally appeared in the Harbour Ledger and is republished with permission."),
        ("footer", "Comment policy: Insults and personal attacks are removed by the moderators."),
        ("footer", "Skip to content"),
        ("share", "Teilen  Drucken  Merken"),
        ("share", "Facebook Twitter WhatsApp E-Mail"),
        ("share", "Auf Facebook teilen Auf X teilen Per E-Mail teilen"),
        ("share", "Teilen Sie diesen Beitrag auf Facebook oder Twitter!"),
        ("share", "Teilen | Drucken | Unterstützen Sie den Talboten mit einer Spende"),
        ("share", "Gefällt mir · Kommentieren · Teilen"),
        ("share", "Diskutieren Sie mit auf Facebook und X"),
        ("share", "Facebook / X / Telegram"),
        ("share", "Kommentieren (12) Teilen Merken"),
        ("share", "Share this article on Facebook, X or by E-Mail"),
        ("share", "Share | Print | 12 comments"),
        ("share", "Like · Share"),
    ],
)
def test_promotion_footers_and_share_bars_go(tmp_path: Path, why: str, line: str) -> None:
    assert _among_reporting(tmp_path, line) == [("noise", why)]


@pytest.mark.parametrize(
    ("line", "outlet"),
    [("Talbote, 12. Juni 2025, 8:00 Uhr", "Talbote"), ("Kiel, 12.06.2025", ""), ("Der Insel-Kurier, Donnerstag, 12. Juni 2025", "Der Insel-Kurier")],
)
def test_a_dateline_may_begin_with_outlet_or_place(line: str, outlet: str, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    body = "Die neue Seilbahn am Krähenstein ist am Donnerstag in Betrieb gegangen. Sie befördert 1.400 Menschen in der Stunde."
    file.write_text(f"Neue Seilbahn geht in Betrieb\n\n{line}\n\n{body}\n", "utf-8")
    article = read_articles(file)[0]
    assert (article.title, article.outlet, article.published) == ("Neue Seilbahn geht in Betrieb", outlet, date(2025, 6, 12))
    assert [article.text[s.start : s.end] for s in article.stretches if s.kind != "noise"] == [body]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("Titel der langen Meldung\n31. Oktober 2025von 6,5 Minuten Lesezeit\n", date(2025, 10, 31)),
        (" date 2025-09-25 Jo Kern/Pool via REUTERS Am Ufer der Ache\n", date(2025, 9, 25)),
        ("Titel der langen Meldung\nDonnerstag, 7. Mai 2026\n", date(2026, 5, 7)),
        ("Title of the report\nNovember 3, 2025\n", date(2025, 11, 3)),
        ("Titel der langen Meldung\nMontag, 5. Jänner 2026\n", date(2026, 1, 5)),
        ("Titel der langen Meldung\n9. Mrz. 2026\n", date(2026, 3, 9)),
        ("Titel der langen Meldung\n31.11.2025\n", None),
        ("Titel der langen Meldung\n", None),
    ],
)  # fmt: skip
def test_dates_are_what_the_file_says(tmp_path: Path, head: str, expected: date | None) -> None:
    body = "\nDie Ache führt Hochwasser, und das seit dem Wochenende; im Tal sind drei Straßen gesperrt, wie die Feuerwehr am Abend mitteilte. " * 2
    assert _read(tmp_path, "a.txt", head + body).published == expected


def test_an_agency_and_an_author_are_found(tmp_path: Path) -> None:
    text = (
        "Hochwasser an der Ache\n\nAchtal (xpa) – Die Ache führt Hochwasser, und das seit dem Wochenende. Im Tal sind drei Straßen gesperrt.\n"
        "Autor: Jo Kern\n"
    )
    article = _read(tmp_path, "a.txt", text)
    assert (article.outlet, article.author) == ("xpa", "Jo Kern")


def test_front_matter_json_and_html_say_what_they_know(tmp_path: Path) -> None:
    body = (
        "Die Ache führt Hochwasser, und das seit dem Wochenende. Im Tal sind drei Straßen gesperrt, teilte die Feuerwehr mit. "
        "Die Schule in Achtal bleibt am Mittwoch geschlossen; wer Sandsäcke braucht, bekommt sie am Bauhof hinter dem Bahnhof."
    )
    yaml = _read(tmp_path, "a.md", f"---\ntitle: Hochwasser\noutlet: Talbote\ndate: 2025-11-24\nauthor: Jo Kern\n---\n\n# Hochwasser\n\n{body}\n")
    toml = _read(tmp_path, "b.md", f'+++\ntitle = "Hochwasser"\noutlet = "Talbote"\ndate = 2025-11-24\nauthor = "Jo Kern"\n+++\n\n{body}\n')
    fields = {"headline": "Hochwasser", "publisher": {"name": "Talbote"}, "datePublished": "2025-11-24T10:00:00Z", "author": ["Jo Kern"],
              "text": body, "comments": [{"author": "Eva", "date": "25.11.2025", "text": "Oje."}]}  # fmt: skip
    js = _read(tmp_path, "c.json", json.dumps(fields))
    html = _read(
        tmp_path, "d.html",
        '<html lang="de"><head><title>Hochwasser</title><meta property="og:site_name" content="Talbote">'
        '<meta property="article:published_time" content="2025-11-24T10:00:00+01:00"><meta name="author" content="Jo Kern"></head>'
        f"<body><nav><a href=/>Start</a></nav><article><h1>Hochwasser</h1><p>{body}</p><p>Der Pegel lag am Abend bei 4,12 Metern und soll in der Nacht noch steigen.</p>"
        "<figure><img src=x><figcaption>Die Ache am Montag.</figcaption></figure></article><footer>© Talbote</footer></body></html>",
    )  # fmt: skip
    for article in (yaml, toml, js, html):
        assert (article.title, article.outlet, article.author, article.published) == ("Hochwasser", "Talbote", "Jo Kern", date(2025, 11, 24))
        assert body in article.text
    assert yaml.path
    assert not js.path
    assert [(s.by, s.at) for s in js.stretches if s.kind == "comment"] == [("Eva", "25.11.2025")]
    assert _said(html, "caption") == ["Die Ache am Montag."]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    body = "Größere Überschwemmungen an der Ache: Straßen gesperrt, Züge fallen aus.\r\nDie Bürgermeisterin bat um Geduld und Hilfe.\r\n"
    article = _read(tmp_path, "a.txt", body.encode(encoding))
    assert "Größere Überschwemmungen an der Ache: Straßen gesperrt, Züge fallen aus." in article.text
    assert bool(article.path) == encoding.startswith("utf-8")
    if article.path:
        assert article.text == Path(article.path).read_bytes().decode("utf-8")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", b""), ("a.txt", b" \n\t\n"), ("a.txt", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00"), ("a.txt", "Größe und Maß".encode() + b"\xff\xfe"),
        ("a.txt", b"--- *** ---"), ("a.json", b"{}"), ("a.json", b"{nope"), ("a.json", b"[]"), ("a.json", b'{"body": "\\ud800 text"}'),
        ("a.jsonl", b'{"body": "Ein Satz steht hier."}\n{"title": "x"}\n'), ("a.html", b"<html><body></body></html>"), ("a.pdf", b"%PDF-1.7"),
        ("a.md", b"---\ntitle: [x\n---\ntext"),
    ],
)  # fmt: skip
def test_what_is_no_article_is_said_in_one_line(tmp_path: Path, name: str, content: bytes) -> None:
    with pytest.raises(ReadError) as caught:
        _read(tmp_path, name, content)
    assert name in str(caught.value)


def test_a_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Ein Satz steht hier. " * 100, "utf-8")
    with pytest.raises(ReadError, match="--max-mb"):
        read_articles(tmp_path / "a.txt", max_bytes=100)


def _check(article: Article) -> None:
    at = 0
    for stretch in article.stretches:
        said = article.text[stretch.start : stretch.end]
        assert at <= stretch.start < stretch.end <= len(article.text)
        assert said == said.strip()
        at = stretch.end
    covered: set[int] = set()
    for passage in split_passages(article, 200):
        assert article.text[passage.start : passage.end] == passage.text
        edge = passage.start
        for start, end in passage.sentences:
            assert edge <= start < end <= passage.end
            edge = end
            assert not covered & set(range(start, end))
            covered |= set(range(start, end))
    for stretch in article.stretches:
        if stretch.kind in ("article", "comment", "caption"):
            assert all(i in covered for i in range(stretch.start, stretch.end) if article.text[i].isalnum())


_LINES = st.one_of(
    st.sampled_from([line for page in THREADS.values() for line in (PAGE % page).splitlines()]),
    st.sampled_from(["", "  ", "[x-y a=1]", "Ein Satz. Und noch einer! „Wirklich?“ Ja.", "e\u0301t\u0327e\u0301 na\u00adtional 😀", "\u200bNull\u200b", "a " * 200]),
    st.text(max_size=40),
)


@settings(max_examples=150)
@given(st.lists(_LINES, max_size=25), st.sampled_from(["\n", "\r\n", "\r", "\n\n"]))
def test_offsets_hold_whatever_the_text(lines: list[str], newline: str) -> None:
    with contextlib.suppress(ReadError):
        _check(read_text(newline.join(lines)))


@settings(max_examples=120)
@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")), st.sampled_from(SUFFIXES))
def test_any_bytes_give_an_article_or_a_clear_error(tmp_path_factory: pytest.TempPathFactory, content: bytes, suffix: str) -> None:
    file = tmp_path_factory.getbasetemp() / f"fuzz{suffix}"
    file.write_bytes(content)
    with contextlib.suppress(ReadError):
        for article in read_articles(file):
            _check(article)


@given(st.text(max_size=200))
def test_sentences_cover_the_text(text: str) -> None:
    spans = split_sentences(text, 0, len(text))
    covered = {i for start, end in spans for i in range(start, end)}
    assert all(i in covered for i, char in enumerate(text) if char.isalnum())


@pytest.mark.parametrize("piece", ["a ", ".", "- ", "1", "Foto: ", "[x=", "|", "Von A ", "\n", "(", "jetzt ", "Am 4. Ab ", "bspw. Ab "])
def test_no_text_takes_forever(piece: str) -> None:
    text = "Anfang " + piece * (60_000 // len(piece))
    read_text(text)
    split_sentences(text, 0, len(text))


def test_german_sentences_end_where_they_should() -> None:
    text = "Die 4. Kammer tagte am 19. Februar. Dr. Moos sagte: „Es reicht. Wir gehen.“ Um 20.30 Uhr war z. B. Schluss."
    assert [text[s:e] for s, e in split_sentences(text, 0, len(text))] == [
        "Die 4. Kammer tagte am 19. Februar.", "Dr. Moos sagte: „Es reicht. Wir gehen.“", "Um 20.30 Uhr war z. B. Schluss.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Die Busse halten nun in Selb. | 90 weitere Fahrten kommen hinzu.",
        "Der Zug fuhr um 8 Uhr ab. | 2019 war das noch anders.",
        "Der Chor (40 Leute) sang »leise«. | 1.300 Gäste hörten ihm zu.",
        "Wer zahlt das? | 4,5 Millionen sind viel Geld.",
        "Er rief: „Wir sind da. 30 Leute reichen.“ | Dann ging er.",
        "Das gilt laut Abs. 2 und Nr. 3, siehe S. 12 und Abschn. 4 im Heft.",
        "Am Freitag, dem 5. 12. 2025, um 8. 30 Uhr begann es.",
        "Der Klub hat Platz 2. 14 Punkte trennen ihn vom ersten.",
        "Sie wohnt in der Tulpenstr. 7 und zahlt evtl. 20 oder mind. 10 Euro mehr.",
        "Es begann am Montag. 12. Mai ist der letzte Tag.",
        "Am Hang wachsen bspw. 12 Sorten, ungef. 30 vorauss. 2027 und im Sommersem. 5 weitere, siehe Drucks. 8 und Temp. 3 dort.",
        "Er ist verh. 3 Söhne hat er, die Mitarb. 2 und 4 sind österr. 6 Mal waren sie da.",
        "Man nimmt bspw. Birken, einschl. Wurzeln, ungef. Mitte April. | Danach ist es zu spät, sagt Ida Seidl. | Der Verein hilft.",
        "Die Gäste siegten mit 4:1. | 2.100 Leute sahen zu, als es 2:0 (1:0) stand. | Um 19:45. | 30 Leute gingen da.",
        "Die Gäste siegten 4:1 (2:0). | 2.100 Leute sahen zu.",
        "MOORFELD. | Die Ernte ist gut. | Das Wetter war es auch.",
        "Moorfeld (xyz). | Die Ernte ist reif. | 30 Höfe haben gezählt.",
    ],
)
def test_a_sentence_may_begin_with_a_number(text: str) -> None:
    plain = text.replace(" | ", " ")
    assert [plain[a:b] for a, b in split_sentences(plain, 0, len(plain))] == text.split(" | ")


@pytest.mark.parametrize(
    "text",
    [
        "Sie nickte. | ‚Wir bleiben‘, sagte sie. | ›Und ihr?‹, fragte er.",
        "Sie rief: „Er nickte. ‚Wir bleiben‘, sagte er.“ | Dann ging sie.",
        "**Wer zahlt das?** | Kreis und Land zahlen. | _Und wann?_ | Im Mai. | **Wie viele?** | 12 Leute kommen.",
        "**Kreis und Land.** | **Die Stadt auch.** | Mehr nicht.",
        "**Wer kommt?** fragte sie.",
        "Es gibt Brot. | * Käse ist alle. | * Wein auch.",
    ],
)
def test_marks_stay_with_the_sentence_that_they_belong_to(text: str) -> None:
    plain = text.replace(" | ", " ")
    assert [plain[a:b] for a, b in split_sentences(plain, 0, len(plain))] == text.split(" | ")


def test_a_dateline_is_told_from_a_sentence() -> None:
    assert all(map(is_place_line, ("MOORFELD.", "BAD MOORFELD.", "Moorfeld (xyz).", "Moorfeld (xyz/abc).")))
    assert not any(map(is_place_line, ("Moorfeld feiert.", "Ja.", "Moorfeld (xyz) feiert.", "NEIN, sagt er.")))
