"""What two spans say."""

import pytest

from assistant.claims import relation


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
        ("", "12", "unknown"), ("„“", "!", "unknown"), ("seit 2021", "2021", "same"), ("1.312", "1.312 Fälle", "same"),
    ],
)  # fmt: skip
def test_two_spans_say_the_same_or_not(one: str, other: str, expected: str) -> None:
    assert relation(one, other) == expected
    assert relation(other, one) == expected
