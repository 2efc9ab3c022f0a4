"""What two spans say."""

from datetime import date

import pytest

from assistant.claims import relation, time_asked


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("47,2 Prozent", "42,7 Prozent", "different"), ("47,2 Prozent", "47,2 %", "same"),
        ("312 Millionen Euro", "321 Millionen", "different"),
        ("1,9 Milliarden", "1.900 Millionen Euro", "same"), ("14.300 Euro", "14300", "same"), ("14,300 tonnes", "14.300", "same"),
        ("rund 30.000 Menschen", "32.400", "unknown"),  # may be the same, rounded
        ("neun Stimmen", "9 Stimmen", "same"), ("drei Häuser", "vier Tote", "unknown"), ("57", "57 Jahre", "same"),
        ("28. März", "am 28. März 2026", "same"), ("28. März 2025", "28. März 2026", "different"), ("10. April", "12.4.2025", "different"),
        ("März 2023", "Herbst 2022", "different"), ("12. Mai", "Mai", "same"), ("Mai", "2025", "unknown"),
        ("March 2", "3. März", "different"), ("March 2, 2026", "2. März", "same"),
        ("Tilman Roth", "Roth", "same"), ("Tilman Roth", "der Ausschuss", "unknown"), ("keine", "380.000 Euro", "different"),
        ("März 2023", "Frühjahr 2023", "same"), ("im Oktober 2027", "im Frühling 2027", "different"),
        ("Juni 2027", "Frühjahr 2027", "unknown"),
        ("Frühjahr 2027", "spring 2027", "same"), ("Winter 2027", "Dezember 2027", "same"), ("Herbst 2027", "2027", "same"),
        ("mit 31 zu 12 Stimmen", "27 zu 12", "different"), ("fünf zu vier Stimmen", "5:4", "same"), ("3:1", "3:2 (1:2)", "different"),
        ("3:1", "3:1 (1:0)", "same"), ("1:1", "2:1", "different"), ("24:31", "31:24", "unknown"), ("2 Tore", "2:1", "unknown"),
        ("17:30 Uhr", "18:30 Uhr", "different"), ("17.30 Uhr", "17:30 Uhr", "same"), ("19 Uhr", "19.30 Uhr", "different"),
        ("7 p.m.", "19 Uhr", "same"), ("9 bis 17 Uhr", "11 bis 17 Uhr", "different"), ("9 bis 17 Uhr", "17 Uhr", "unknown"),
        ("4. Mai um 20 Uhr", "4. Mai um 18 Uhr", "different"), ("4. Mai um 20 Uhr", "4. Mai", "same"),
        ("4. Mai: 12 Fälle", "4. Mai: 15 Fälle", "different"), ("Juni bis August", "Juni bis Oktober", "different"),
        ("zwei Jahre", "zwei Jahre und vier Monate", "different"), ("zwei Jahre und vier Monate", "28 Monate", "same"),
        ("zwei Jahre", "24 Monate", "same"), ("zwei von fünf", "drei von fünf", "different"),
        ("9 Kranke und 2 Tote", "2 Tote, 9 Kranke", "same"), ("9 Kranke und 2 Tote", "9 Kranke und 3 Tote", "different"),
        ("9 Kranke und 2 Tote", "9 Kranke", "same"), ("400 bis 500 Leute", "900 Leute", "different"), ("400 bis 500", "450", "unknown"),
        ("im Winter 2018/19", "im Februar", "unknown"), ("Winter 2018/19", "Januar 2019", "same"), ("Winter 2018", "Januar 2019", "same"),
        ("Winter 2018/19", "Januar 2018", "different"), ("Winter 2018/19", "Winter 2019/20", "different"),
        ("Winter 2018/19", "2019", "same"), ("Saison 2018/19", "Saison 2019/20", "different"), ("am 4. Mai", "4.000 Euro", "unknown"),
        ("", "12", "unknown"), ("„“", "!", "unknown"), ("seit 2021", "2021", "same"), ("1.312", "1.312 Fälle", "same"),
    ],
)  # fmt: skip
def test_two_spans_say_the_same_or_not(one: str, other: str, expected: str) -> None:
    assert relation(one, other) == expected
    assert relation(other, one) == expected


@pytest.mark.parametrize(
    ("question", "fitting", "not_fitting"),
    [
        ("Was geschah im März 2031?", date(2031, 3, 9), date(2030, 3, 9)),
        ("Was geschah am 3. März 2031 in Ulm?", date(2031, 3, 4), date(2031, 3, 5)),
        ("Was ist seit dem 3. März 2031 geschehen?", date(2031, 4, 1), date(2031, 3, 2)),
        ("What happened before March 2031?", date(2031, 2, 28), date(2031, 3, 1)),
        ("Was geschah im Jahr 2031?", date(2031, 12, 31), date(2032, 1, 1)),
        ("Was geschah am Montag, den 3. März 2031?", date(2031, 3, 3), date(2031, 3, 5)),
        ("Was geschah Ende März 2031 in Ulm?", date(2031, 3, 30), date(2031, 4, 30)),
        ("Was geschah bis März 2031?", date(2031, 3, 31), date(2031, 4, 1)),
        ("Was geschah bis zum 3. März 2031?", date(2031, 2, 28), date(2031, 3, 4)),
    ],
)
def test_when_something_is_to_have_been_is_read_from_the_question(question: str, fitting: date, not_fitting: date) -> None:
    asked = time_asked(question)
    assert asked is not None
    assert asked.holds(fitting)
    assert not asked.holds(not_fitting)


@pytest.mark.parametrize(
    "question", ["Was geschah im März?", "Was wurde beim Treffen vom 3. März 2031 gesagt?", "Was geschah nach dem Fest am 3. März 2031?"]
)
def test_a_date_that_tells_which_event_is_meant_or_lacks_its_year_is_no_time_asked_for(question: str) -> None:
    assert time_asked(question) is None


@pytest.mark.parametrize(
    ("question", "days"),
    [
        ("Was geschah im Dezember 2031?", (date(2031, 12, 1), date(2032, 1, 1))),
        ("Was geschah am 3. März 2031?", (date(2031, 3, 3), date(2031, 3, 4))),
        ("Was geschah im Jahr 2031?", (date(2031, 1, 1), date(2032, 1, 1))),
        ("Was geschah seit März 2031?", None),
        ("Was geschah am 31. Juni 2031?", None),
    ],
)
def test_the_days_on_which_it_was_reported_are_known(question: str, days: tuple[date, date] | None) -> None:
    asked = time_asked(question)
    assert asked is not None
    assert asked.days() == days
