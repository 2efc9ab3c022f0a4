"""What the guard lets through and what it doesn't, by kind; and what holds whatever is asked."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.copies import misfit, turned
from assistant.facts import moments, numbers, same_number, spelled
from assistant.guard import Span, check, tells_of_readers

DAY = date(2025, 11, 24)  # a Monday
COUNCIL = Span(
    "Der Gemeinderat von Tannau hat am Freitag den Bau einer Brücke beschlossen. Sie kostet 2,4 Millionen Euro, das sind 300.000 Euro "
    "weniger als geplant. Bürgermeisterin Vera Holm sprach von einem „guten Tag für Tannau“. Die Zahl der Pendler stieg von 400 auf 520. "
    "Einige Anwohner könnten klagen, weil die Brücke Lärm bringt. Kämmerer Jost Brand lehnt eine neue Steuer ab.",
    "article", DAY, "Tannauer Tagblatt",
)  # fmt: skip
READER = Span("Die Brücke ist längst verrostet und die Verwaltung weiß das.", "comment", DAY, "Tannauer Tagblatt")

CARRIED = (
    "Am 21. November hat der Gemeinderat von Tannau den Bau einer Brücke beschlossen.",
    "Der Bau einer Brücke wurde vom Gemeinderat von Tannau beschlossen.",
    "Die Brücke kostet 2.400.000 Euro.",
    "Bürgermeisterin Holm sprach von einem »guten Tag für Tannau«.",
    "Die Zahl der Pendler stieg um 120.",
    "Die Pendlerzahl stieg auf 520.",
    "Einige Anwohner könnten wegen des Lärms klagen.",
    "Kämmerer Brand ist mit einer neuen Steuer nicht einverstanden und lehnt sie ab.",
)
LIES = {
    "number": ("Die Brücke kostet 2,7 Millionen Euro.", "Die Brücke kostet 300.000 Euro.", "Die Zahl der Pendler stieg auf 400."),
    "unit": ("Die Brücke kostet 2,4 Milliarden Euro.", "Die Brücke kostet 2,4 Millionen Dollar."),
    "date": ("Am 24. November hat der Gemeinderat den Bau einer Brücke beschlossen.",),
    "name": ("Bürgermeisterin Vera Brand sprach von einem „guten Tag für Tannau“.", "Vera Holm lehnt eine neue Steuer ab."),
    "speaker": ("Kämmerer Jost Brand sprach von einem „guten Tag für Tannau“.",),
    "negation": ("Der Gemeinderat von Tannau hat den Bau einer Brücke nicht beschlossen.",
                 "Kämmerer Jost Brand befürwortet eine neue Steuer."),
    "modality": ("Einige Anwohner klagen, weil die Brücke Lärm bringt.",),
    "direction": ("Die Zahl der Pendler sank von 520 auf 400.", "Die Zahl der Pendler stieg von 520 auf 400."),
    "scope": ("Alle Anwohner könnten klagen, weil die Brücke Lärm bringt.",),
    "cause": ("Der Gemeinderat hat den Bau einer Brücke beschlossen, weil die Zahl der Pendler stieg.",),
    "quotation": ("Bürgermeisterin Vera Holm sprach von einem „großen Tag für Tannau“.",),
    "addition": ("Der Gemeinderat von Tannau hat am Freitag einstimmig den Bau einer Brücke beschlossen.",),
    "world": ("Tannau liegt in Bayern.",),
}  # fmt: skip


@pytest.mark.parametrize("sentence", CARRIED[:-1])
def test_what_the_source_says_in_other_words_is_carried(sentence: str) -> None:
    found = check(sentence, [COUNCIL])
    assert found.supported, found.faults
    assert all(COUNCIL.text[a:b].strip() == COUNCIL.text[a:b] != "" for _, a, b in found.carriers)


@pytest.mark.parametrize(("kind", "sentence"), [(kind, sentence) for kind, several in LIES.items() for sentence in several])
def test_what_the_source_does_not_say_is_not_carried(kind: str, sentence: str) -> None:
    found = check(sentence, [COUNCIL])
    assert not found.supported, kind
    assert found.faults


def test_a_comment_carries_only_what_is_told_as_a_comment() -> None:
    told = check("Die Brücke ist längst verrostet.", [READER])
    assert [fault.kind for fault in told.faults] == ["comment"]
    assert check("Ein Leser schreibt, die Brücke sei längst verrostet.", [READER]).supported


@pytest.mark.parametrize(
    "claim",
    ["Das Forum am Markt hat 7 Millionen Euro gekostet.", "Das Spiel hat noch 90 Nutzer.", "Der Rat hat das nie kommentiert."],
)
def test_what_a_comment_says_of_forums_and_users_is_not_told_as_a_comment(claim: str) -> None:
    source = [Span(f"Ich sage nur eins: {claim}", "comment")]
    assert [fault.kind for fault in check(claim, source).faults] == ["comment"]
    assert tells_of_readers(f"Laut einem Kommentar gilt: {claim}", source[0].text)
    assert tells_of_readers("Ein Leser sagt, das Dach sei undicht.", "Als Leser sage ich: Das Dach ist undicht.")


@pytest.mark.parametrize("sign", ["-", "−", "–", "minus "])
def test_a_number_does_not_lose_its_minus(sign: str) -> None:
    source = [Span(f"Am Sonntag waren es auf dem Rotstein {sign}9 Grad. Der Umsatz veränderte sich um {sign}2,5 Prozent.")]
    assert not check("Am Sonntag waren es auf dem Rotstein 9 Grad.", source).supported
    assert not check("Der Umsatz veränderte sich um 2,5 Prozent.", source).supported
    for other in ("-", "−", "minus "):
        assert check(f"Auf dem Rotstein waren es am Sonntag {other}9 Grad.", source).supported
        assert check(f"Der Umsatz veränderte sich um {other}2,5 Prozent.", source).supported


@pytest.mark.parametrize(
    ("text", "values"),
    [("Es waren 5–7 Leute.", [5, 7]), ("die U-21", [21]), ("(-3 Grad)", [-3]), ("9 -12 Leute", [9, 12]), ("von -8 auf -2 Grad", [-8, -2])],
)
def test_a_minus_is_no_dash_of_a_range_and_no_hyphen(text: str, values: list[float]) -> None:
    assert [number.value for number in numbers(text)] == values


def test_a_sentence_that_stops_in_the_words_of_its_source_is_not_whole() -> None:
    source = [Span("Der Umbau des Bads hat acht Monate gedauert und 4 Millionen Euro gekostet. Das alte Becken von 1961 wird verfüllt.")]
    for sentence in ("Der Umbau des Bads hat", "Das alte Becken von 1961 wird"):
        assert [fault.kind for fault in check(sentence, source).faults] == ["form"]
    assert check("Der Umbau des Bads hat acht Monate gedauert.", source).supported
    assert check("Das alte Becken von 1961 wird verfüllt", source).supported


def test_a_quotation_does_not_lose_its_number() -> None:
    source = Span("Auf der Anzeige stand „Systemabgleich 61 %“, als der Zug hielt.")
    assert not check("Auf der Anzeige stand „Systemabgleich %“, als der Zug hielt.", [source]).supported
    assert check("Auf der Anzeige stand „Systemabgleich 61%“.", [source]).supported


def test_a_quotation_does_not_lose_its_not() -> None:
    source = [Span("Holm nannte das Ziel „nicht mehr erreichbar“.")]
    assert check("Holm nannte das Ziel „nicht mehr erreichbar“.", source).supported
    assert not check("Holm nannte das Ziel „mehr erreichbar“.", source).supported


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("120 Minuten", "zwei Stunden", True), ("0,1 Prozent", "0,2 Prozent", False), ("mehr als 900 Schüler", "940 Schüler", True),
     ("rund 69.403 Wähler", "rund 69.400 Wähler", False), ("3 Meter", "3 Fuß", False), ("fünf Kilogramm", "5000 Gramm", True),
     ("eine halbe Million Euro", "500.000 Euro", True)],
)  # fmt: skip
def test_numbers_are_compared_by_what_they_mean(one: str, other: str, same: bool) -> None:
    assert same_number(numbers(one)[0], numbers(other)[0]) is same


def test_weekdays_are_seen_from_the_day_of_the_article() -> None:
    assert date(*moments("am Freitag", DAY)[0].points[0]) == date(2025, 11, 21)  # type: ignore[arg-type]
    assert date(*moments("gestern", DAY)[0].points[0]) == date(2025, 11, 23)  # type: ignore[arg-type]
    assert moments("gestern", None)[0].points == ()


@given(st.integers(min_value=13, max_value=99))
def test_spelled_numbers_are_read(value: int) -> None:
    ones = ("", "ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun")
    tens = ("", "", "zwanzig", "dreissig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig")
    ten, one = divmod(value, 10)
    plain = f"{ones[one]}zehn" if ten == 1 else f"{ones[one]}und{tens[ten]}" if one else tens[ten]
    word = {16: "sechzehn", 17: "siebzehn"}.get(value, plain)
    assert spelled(word) == value


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_is_judged_and_always_in_the_same_way(sentence: str, source: str) -> None:
    first = check(sentence, [Span(source)])
    assert first == check(sentence, [Span(source)])
    assert first.supported or first.faults
    assert first.supported is bool(first.carriers)


@given(st.integers(min_value=2, max_value=9999), st.integers(min_value=2, max_value=9999))
def test_another_number_never_passes(one: int, other: int) -> None:
    source = [Span(f"In Tannau wohnen {one} Menschen.")]
    assert check(f"In Tannau wohnen {other} Menschen.", source).supported is (one == other)


def test_a_copy_without_its_doubt_is_turned() -> None:
    source = "Die Polizei nahm den mutmaßlichen Täter am Montag fest."
    assert turned("Die Polizei nahm den Täter am Montag fest.", [source]) == "mutmasslichen"
    assert turned(source, [source]) == ""


def test_nothing_is_carried_by_nothing() -> None:
    assert not check("Die Brücke kostet 2,4 Millionen Euro.", []).supported
    assert not check("...", [COUNCIL]).supported


@pytest.mark.parametrize(
    ("source", "lie"),
    [
        ("Jonas Prell wechselt im Sommer nach Oslo.", "Jonas Prell wechselt im Sommer von Oslo nach Arnsfeld."),
        ("Das Orchester hatte Prell gewählt.", "Das Orchester hatte Prell abgewählt."),
        ("Taucher haben ein Wrack aus dem Jahr 1911 entdeckt.", "Taucher haben im Jahr 1911 ein Wrack entdeckt."),
        ("Ein Haushalt zahlt 212 Euro im Jahr, zwölf Euro mehr als bisher.", "Ein Haushalt zahlt 212 Euro mehr als bisher."),
        ("Die Busse brauchen 25 Minuten länger.", "Die Busse brauchen 25 Minuten."),
        ("Die Jury würdigte den Roman.", "Die Jury kritisierte den Roman."),
        ("Bürgermeisterin Eva Stock lobte die Helfer.", "Die Helfer lobten Bürgermeisterin Eva Stock."),
        ("Der Wirt öffnet frühestens im Mai.", "Der Wirt öffnet spätestens im Mai."),
        ("Der Pegel ist auf 4,80 Meter gestiegen.", "Der Pegel ist um 4,80 Meter gestiegen."),
        ("Bienen können möglicherweise Gesichter unterscheiden.", "Bienen können Gesichter unterscheiden."),
        ("Der Trainer Lars Böhme geht. Sein Vertrag lief bis 2027.", "Er wird von Pavel Novak ersetzt."),
        ("Neun der 31 Filialen schließen.", "31 Filialen schließen."),
    ],
)
def test_one_word_that_turns_a_sentence_round_is_seen(source: str, lie: str) -> None:
    assert check(source.split(". ")[0].rstrip(".") + ".", [Span(source, "article", DAY)]).supported
    assert not check(lie, [Span(source, "article", DAY)]).supported


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("Die Raumstation Mir verglühte im März 2001.", False),
        ("Kaiser Wilhelm I. eröffnete den Hafen im Jahr 1871.", False),
        ("Das Bündnis Unser Dorf gewann.", False),
        ("„Ich gehe“, sagte er.", False),
        ("Mir ist das egal.", True),
        ("Das hat mir gefallen.", True),
        ("Then I left.", True),
        ("That is what I said.", True),
        ("And when we left, it rained.", True),
    ],
)
def test_what_somebody_says_himself_is_no_report(sentence: str, said: bool) -> None:
    assert bool(misfit(sentence)) is said
