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
