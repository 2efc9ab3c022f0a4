"""Which sentences are quoted, and what is taken along with them."""

from pathlib import Path

import pytest

from assistant import Answer, Assistant
from assistant.candidates import Quote, retracts, superseded
from assistant.citing import attribution, citation_of, short_of
from assistant.questions import topic_of
from assistant.quotes import choose_opinions, leans, reports
from assistant.types import Citation
from index.types import Filters, Hit, Passage, Source


@pytest.mark.parametrize(
    ("sentence", "speaker_missing"),
    [
        ("Den Antrag wolle die Firma im Juni einreichen.", True),
        ("Am 3. Juni werde die Brücke geöffnet.", True),
        ("Rund 3,5 Millionen Euro habe das gekostet.", True),
        ("Schuld sei vor allem das Wetter, das niemand bestellt habe.", True),
        ("Unklar sei, wie lange die Sanierung dauere.", True),
        ("Die Straße bleibe gesperrt, so dass Autos umgeleitet werden.", True),
        ("Um Geld sei es nicht gegangen, versicherte der Minister.", False),
        ("Das Geld reiche, meint Meier.", False),
        ("Zum Fest seien, wie die Polizei mitteilte, 300 Leute gekommen.", False),
        ("Nach Angaben der Polizei sei niemand verletzt.", False),
        ("Nach Polizeiangaben sei niemand verletzt.", False),
        ("Irgendwo habe ich das gelesen.", False),
        ("„Das werde teuer“, hieß es.", False),
        ("Die Brücke kostet mehr, als man gedacht habe.", False),
        ("Gott sei Dank wurde niemand verletzt.", False),
        ("Ob er komme, ist offen.", False),
    ],
)
def test_reported_speech_that_names_no_speaker_is_known(sentence: str, speaker_missing: bool) -> None:
    assert reports(sentence) is speaker_missing


@pytest.mark.parametrize(
    ("sentence", "answer", "before"),
    [
        ("Der bisherige Termin, Ostern 2031, ist nicht zu halten.", "Ostern 2031", True),
        ("Statt der im Mai genannten 50 Euro sind es nun 70 Euro.", "50 Euro", True),
        ("Statt der im Mai genannten 50 Euro sind es nun 70 Euro.", "70 Euro", False),
        ("Ursprünglich sollte die Fähre im Mai fahren, nun im Juli.", "im Mai", True),
        ("Ursprünglich sollte die Fähre im Mai fahren, nun im Juli.", "im Juli", False),
        ("Der Preis sinkt von 35 Cent auf 20 Cent.", "35 Cent", True),
        ("Der Preis sinkt von 35 Cent auf 20 Cent.", "20 Cent", False),
        ("Bisher wurden 47 Tote gezählt.", "47 Tote", False),
        ("Das Fest fand in Ulm statt und dauerte 100 Minuten.", "100 Minuten", False),
        ("Das Fest findet statt am 3. Mai.", "3. Mai", False),
        ("Statt im Mai fährt die Fähre im Juli.", "im Juli", False),
        ("Statt Meier kommt Anna Bär.", "Anna Bär", False),
        ("Dem bisherigen Chef folgt Anna Bär.", "Anna Bär", False),
        ("Gezählt wurden zunächst 12 Fälle.", "12 Fälle", False),
        ("Krank sind derzeit 70 Kinder, im Vorjahr waren es 55.", "55", True),
        ("Krank sind derzeit 70 Kinder, im Vorjahr waren es 55.", "70 Kinder", False),
    ],
)
def test_what_a_sentence_says_was_so_before_is_known(sentence: str, answer: str, before: bool) -> None:
    at = sentence.index(answer)
    assert superseded(sentence, at, at + len(answer)) is before


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("Was sagen die Leser zum Urteil gegen Meier?", "die zum Urteil gegen Meier?"),
        ("Was halten die Leser von der Reaktion der Bahn?", "die von der Reaktion der Bahn?"),
        ("Welche Meinungen und Erfahrungen zur Bahn stehen in den Kommentaren?", "zur Bahn in den ?"),
        ("Wie ist die Stimmung unter den Lesern zur Bahn?", "ist die zur Bahn?"),
    ],
)
def test_the_topic_of_opinions_is_what_they_are_about(question: str, topic: str) -> None:
    assert topic_of(question) == topic


def test_reported_speech_is_quoted_with_who_says_it(tmp_path: Path) -> None:
    (tmp_path / "brücke.txt").write_text(
        "Streit um Brücke\n\nBaurat Jens Halmer nannte die Pläne für die Brücke in Oberwinkel am Montag ehrgeizig. Die Kosten seien "
        "gestiegen. Den Antrag auf Förderung wolle die Stadt im Juni 2027 stellen.\n", "utf-8",
    )  # fmt: skip
    assistant = Assistant.build([tmp_path / "brücke.txt"], tmp_path / "data")
    answer = assistant.ask("Wann will die Stadt den Antrag auf Förderung der Brücke stellen?")
    assistant.close()
    assert "Juni 2027" in (answer.short or "")
    assert answer.citations[0].quote.startswith("Baurat Jens Halmer")


def test_guests_of_two_articles_are_two_readers(tmp_path: Path) -> None:
    for place in ("Oberwinkel", "Unterwinkel"):
        (tmp_path / f"{place}.json").write_text(
            f'{{"title": "Neue Brücke in {place}", "body": "Die neue Brücke in {place} kostet zwölf Millionen Euro, sagte Baurat Halmer.", '
            f'"comments": [{{"author": "Gast", "text": "Die Brücke in {place} ist viel zu teuer."}}]}}', "utf-8",
        )  # fmt: skip
    assistant = Assistant.build([tmp_path], tmp_path / "data")
    try:
        hits = assistant.search("die Brücke", "de", Filters(voices=frozenset({"comment"})))
    finally:
        assistant.close()
    assert len(choose_opinions(hits)) == 2


def test_a_title_that_stands_for_an_outlet_is_cut_also_without_a_blank() -> None:
    long = Citation(1, "x", "Donaudampfschifffahrt" * 5, "", None, "x.txt", "x.txt", "article", 0, 1, "x")
    assert attribution(long, "de") == f"{long.title[:60]} …:"


@pytest.mark.parametrize(
    ("text", "read", "short"),
    [
        ("Er nennt es einen „grauen Tag für unser Dorf“.", "grauen Tag für unser Dorf“.", "grauen Tag für unser Dorf"),
        ("„Mit Räubern reden wir nicht“, sagte sie.", "„Mit Räubern reden wir nicht“,", "„Mit Räubern reden wir nicht“"),
        ("Er rief: »Das ist gut, Leute«, und ging.", ": »Das ist gut, Leute", "Das ist gut, Leute"),
        ("„Das hält bis Freitag.“", "„Das hält bis Freitag.", "Das hält bis Freitag"),
        ('Die "Linde" und die "Tanne" bleiben.', 'Linde" und die "Tanne"', 'Linde" und die "Tanne"'),
        ("Es kostet 20 Mio. Euro, sagte Anna M.", "20 Mio.", "20 Mio."),
        ("Es kostet 20 Mio. Euro, sagte Anna M.", "Anna M.", "Anna M."),
        ("Das Fest ist am 5. Mai.", "5.", "5."),
        ("Der Fahrer ist 34.", "34.", "34"),
        ("Es sprach Ute Brink (Freie Liste).", "Ute Brink (Freie Liste", "Ute Brink (Freie Liste)"),
        ("Es sprach Ute Brink (Freie Liste).", "Ute Brink", "Ute Brink"),
        ("Das war alles …“,", "“,", None),
        ("Er schwieg. ‚", "‚", None),
        ("Wer kam? ** Alle", "**", None),
    ],
)
def test_the_words_that_answer_end_without_punctuation_and_lone_quotation_marks(text: str, read: str, short: str | None) -> None:
    source = Source("x", "", "", "", None, "", "de", "", "", "", "", 0, 0, {})
    hit = Hit(Passage("x", "article", 7, 7 + len(text), text, ((7, 7 + len(text)),)), source, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, (1.0,), (1.0,))
    begin = 7 + text.index(read)
    cited = citation_of(1, Quote(hit, 7, 7 + len(text), 1.0, (begin, begin + len(read))), Path())
    assert short_of(cited) == short
    assert cited.answer_start == (None if short is None else 7 + text.index(short, begin - 7))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"author": "Ina von der Roth"}, "Ina von der Roth, 05.06.2026:"),
        ({"author": "Aus Moorfeld meldet Ina Roth"}, "Ernte gut, 05.06.2026:"),
        ({"voice": "comment", "by": "Uwe"}, "Leserkommentar von Uwe zu „Ernte gut“ (05.06.2026):"),
        ({"voice": "comment", "by": "Uwe", "published": None}, "Leserkommentar von Uwe zu „Ernte gut“:"),
        ({"voice": "comment", "by": "Uwe", "author": "Ina Roth"}, "Leserkommentar von Uwe zu „Ernte gut“ (Ina Roth, 05.06.2026):"),
        ({"voice": "caption", "outlet": "Moorbote"}, "Bildunterschrift (Moorbote, 05.06.2026):"),
        ({"voice": "caption", "outlet": "Moorbote", "quote": "Bildunterschrift: Korn."}, "Moorbote, 05.06.2026:"),
    ],
)
def test_words_are_attributed_to_who_says_them(facts: dict[str, str | None], expected: str) -> None:
    given = {"outlet": "", "published": "2026-06-05", "voice": "article", "quote": "Korn.", **facts}
    citation = Citation(n=1, article_id="x", title="Ernte gut", path="", source="", start=0, end=9, **given)  # type: ignore[arg-type]
    assert attribution(citation, "de") == expected


@pytest.mark.parametrize(
    ("sentence", "retracted"),
    [
        ("Hinweis: In einer ersten Version hieß es, der Turm sei 80 Meter hoch.", True),
        ("**Berichtigung:** In der ursprünglichen Fassung unseres Berichts stand ein falscher Name.", True),
        ("Eine frühere Fassung dieses Artikels nannte den Mai.", True),
        ("An earlier version of this story misstated the height of the tower.", True),
        ("Anders als in einer früheren Fassung dieses Artikels berichtet, ist der Turm 60 Meter hoch.", False),
        ("Der Turm ist 60 Meter hoch, nicht 80, wie es in einer früheren Fassung hieß.", False),
        ("In einer ersten Fassung des Gesetzes stand eine Frist von zwei Wochen.", False),
        ("Korrektur (4.5.): In einer früheren Fassung wurde die Höhe des Turms mit 4.300 Zentimetern angegeben.", True),
        ("In einer ersten Version war der Baurat als Stadtrat bezeichnet worden.", True),
        ("Wir hatten zunächst berichtet, der Turm habe 80 Stufen.", True),
        ("Ursprünglich hatten wir geschrieben, der Turm habe 80 Stufen.", True),
        ("„Wir hatten zunächst geschrieben, dass es zu teuer ist“, sagte sie.", False),
        ("In einer früheren Version stand der Turm am anderen Ufer.", False),
        ("In einer früheren Version wurde der Turm aus Holz gebaut.", False),
    ],
)
def test_what_a_note_takes_back_is_known(sentence: str, retracted: bool) -> None:
    assert retracts(sentence) is retracted


def ask_one(folder: Path, text: str, question: str) -> Answer:
    (folder / "turm.txt").write_text(text, "utf-8")
    assistant = Assistant.build([folder / "turm.txt"], folder / "data")
    try:
        return assistant.ask(question)
    finally:
        assistant.close()


def test_a_note_of_correction_answers_with_what_is_right(tmp_path: Path) -> None:
    text = (
        "Turm in Hellau eingeweiht\n\nDer neue Aussichtsturm in Hellau ist am Samstag eingeweiht worden. Zum Fest kamen viele Leute.\n\n"
        "Hinweis: In einer ersten Version dieses Artikels hieß es, der Aussichtsturm in Hellau sei 80 Meter hoch. "
        "Tatsächlich sind es 60 Meter.\n"
    )
    answer = ask_one(tmp_path, text, "Wie viele Meter hoch ist der Aussichtsturm in Hellau?")
    assert answer.short == "60 Meter"
    assert "80 Meter" in answer.citations[0].quote


def test_a_note_of_correction_in_the_editors_own_words_answers_with_what_is_right(tmp_path: Path) -> None:
    text = (
        "Kapelle in Hellau gestrichen\n\nDie Kapelle in Hellau ist frisch gestrichen worden. Zum Fest kamen viele Leute.\n\n"
        "Wir hatten zunächst geschrieben, die Kapelle in Hellau habe 90 Sitzplätze. Es sind 60 Sitzplätze.\n"
    )
    assert (ask_one(tmp_path, text, "Wie viele Sitzplätze hat die Kapelle in Hellau?").short or "").startswith("60")


def test_a_noun_with_its_article_points_to_nothing_before_it() -> None:
    assert leans("Das sagte die Bürgermeisterin.")
    assert leans("„Das ist schön“, sagte sie.")
    assert not leans("Das Rathaus blieb am Montag zu.")


@pytest.mark.parametrize(("gap", "taken"), [("\n\n", False), (" ", True)])
def test_a_quotation_at_the_beginning_of_a_paragraph_is_quoted_alone(gap: str, taken: bool, tmp_path: Path) -> None:
    text = (
        "Fähre fährt wieder\n\nDie Fähre bei Hellau fährt seit Montag wieder über den Fluss. Der Landkreis gab Geld dafür."
        f"{gap}„Das ist ein Segen für alle Dörfer am Ufer“, sagte Kapitänin Wilma Ost.\n"
    )
    answer = ask_one(tmp_path, text, "Was sagte Kapitänin Wilma Ost?")
    assert ("Der Landkreis gab Geld" in answer.citations[0].quote) is taken


def built_on(folder: Path, *articles: tuple[str, str, str]) -> Assistant:
    """An assistant over articles given as (date, title, text)."""
    (folder / "texts").mkdir()
    for number, (day, title, text) in enumerate(articles):
        head = f"---\ntitle: {title}\noutlet: Blatt {number}\ndate: {day}\n---\n\n"
        (folder / "texts" / f"{number}.md").write_text(f"{head}{text}\n", "utf-8")
    return Assistant.build([folder / "texts"], folder / "data")


def test_what_happened_then_is_told_by_articles_of_then(tmp_path: Path) -> None:
    assistant = built_on(
        tmp_path,
        ("2031-03-05", "Deich gebrochen", "Der Deich in Hellau ist am Mittwoch gebrochen. Das Wasser stand bis in die Keller der Häuser."),
        ("2031-09-02", "Deich geflickt", "Der Deich in Hellau ist wieder dicht. Arbeiter haben ihn mit viel Lehm und Steinen geflickt."),
        ("2031-03-06", "Zoo in Borstel wächst", "Der Zoo in Borstel hat zwei neue Giraffen bekommen. Sie kamen aus dem Süden."),
    )  # fmt: skip
    answers = [assistant.ask(f"Was ist im {month} 2031 in Hellau passiert?") for month in ("März", "September")]
    assistant.close()
    assert [{c.outlet for c in answer.citations} for answer in answers] == [{"Blatt 0"}, {"Blatt 1"}]


def test_what_somebody_said_then_is_quoted_from_an_article_of_then(tmp_path: Path) -> None:
    assistant = built_on(
        tmp_path,
        ("2031-03-05", "Deich in Hellau gebrochen", "„Der Deich war alt“, sagte Landrätin Ada Pohl in Hellau. Das Wasser stieg."),
        ("2031-09-02", "Deich in Hellau geflickt", "„Der Deich hält nun“, sagte Landrätin Ada Pohl in Hellau. Viele kamen zum Fest."),
    )  # fmt: skip
    for month, outlet in ("März", "Blatt 0"), ("September", "Blatt 1"):
        assert {c.outlet for c in assistant.ask(f"Was sagte Landrätin Ada Pohl im {month} 2031?").citations} == {outlet}
    assistant.close()


def test_only_comments_on_articles_on_the_topic_are_quoted(tmp_path: Path) -> None:
    for place, thing in (("Hellau", "Fähre"), ("Borstel", "Schule")):
        (tmp_path / f"{place}.json").write_text(
            f'{{"title": "Neue {thing} in {place}", "body": "Die neue {thing} in {place} kostet zwölf Millionen Euro, sagte Baurat Ott.", '
            f'"comments": [{{"author": "{place}er", "text": "Das ist mir alles viel zu teuer."}}]}}', "utf-8",
        )  # fmt: skip
    (tmp_path / "Zoo.txt").write_text("Zoo wächst\n\nDer Zoo in Quelling hat zwei neue Giraffen bekommen, sagte Pia Rot.\n", "utf-8")
    assistant = Assistant.build([tmp_path], tmp_path / "data")
    answers = [assistant.ask(f"Was meinen die Leser {topic}?") for topic in ("zur Fähre in Hellau", "zum Zoo in Quelling")]
    assistant.close()
    assert [[c.by for c in answer.citations] for answer in answers] == [["Hellauer"], []]


def test_an_entry_of_another_day_in_an_article_of_then_tells_nothing_of_then(tmp_path: Path) -> None:
    assistant = built_on(
        tmp_path,
        ("2031-10-10", "Prozess in Hellau", "30. September 2031: Der Prozess gegen Ada Pohl in Hellau beginnt vor dem Landgericht.\n\n"
         "12. Juni 2029: Ada Pohl sagte in Hellau, sie wisse von nichts.\n\nAda Pohl sagte am Donnerstag vor Gericht, sie bereue alles."),
        ("2031-10-12", "Dach in Hellau eingestürzt", "In Hellau ist am Samstag das Dach der alten Markthalle eingestürzt."),
    )  # fmt: skip
    answers = [assistant.ask(question) for question in ("Was geschah im Oktober 2031 in Hellau?", "Was sagte Ada Pohl im Oktober 2031?")]
    assistant.close()
    assert all(answer.citations for answer in answers)
    assert not any("2029" in c.quote or "September" in c.quote for answer in answers for c in answer.citations)


def test_a_commenter_asked_for_by_name_is_quoted_alone(tmp_path: Path) -> None:
    for place, told in (("Hellau", "Die Fähre ist zu teuer."), ("Borstel", "Die Fähre kommt zu spät.")):
        (tmp_path / f"{place}.json").write_text(
            f'{{"title": "Neue Fähre in {place}", "body": "Die neue Fähre in {place} kostet zwölf Millionen Euro, sagte Baurat Ott.", '
            f'"comments": [{{"author": "Jette M.", "text": "{told}"}}, {{"author": "Dr. Falk Lund", "text": "Gut so."}}]}}', "utf-8",
        )  # fmt: skip
    assistant = Assistant.build([tmp_path], tmp_path / "data")
    ask = assistant.ask
    answers = [ask("Was schreibt Jette M. in den Kommentaren?"), ask("Was meint Jette M. zur Fähre in Borstel in den Kommentaren?")]
    nobody = ask("Was schreibt Falk Ost in den Kommentaren?")
    assistant.close()
    assert [{c.by for c in answer.citations} for answer in answers] == [{"Jette M."}, {"Jette M."}]
    assert [len(answer.citations) for answer in answers] == [2, 1]
    assert "Dr. Falk Lund" not in {c.by for c in nobody.citations}
