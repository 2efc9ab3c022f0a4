import pytest

from prompts import PromptError, prompt


def test_every_language_has_its_refusal_and_others_get_english() -> None:
    texts = {code: prompt("abstention", code) for code in ("de", "en", "fr", "es", "it", "pt", "pl")}
    assert len(set(texts.values())) == len(texts)
    assert prompt("abstention", "xx") == texts["en"]


def test_every_language_has_its_answer_to_small_talk() -> None:
    told = {code: prompt("talk", code) for code in ("de", "en", "fr", "es", "it", "pt", "pl")}
    assert len(set(told.values())) == len(told)
    assert all(text.endswith("?") for text in told.values())


def test_the_day_of_what_is_outdated_is_called_its_state_in_every_language() -> None:
    told = {code: prompt("as_of", code, date="X") for code in ("de", "en", "fr", "es", "it", "pt", "pl")}
    assert told["pt"] == "situação em X"  # "em" alone is "on"
    assert all(text.endswith(" X") for text in told.values())


def test_a_caption_is_called_one_in_every_language() -> None:
    told = {prompt("caption", code, source="X") for code in ("de", "en", "fr", "es", "it", "pt", "pl")}
    assert len(told) == 7
    assert all(" (X)" in text and text.endswith(":") for text in told)


@pytest.mark.parametrize(
    ("name", "variables"), [("abstention", {"extra": "x"}), ("comment", {"by": "x"}), ("nothing", {})]
)
def test_missing_and_unknown_are_errors(name: str, variables: dict[str, str]) -> None:
    with pytest.raises(PromptError):
        prompt(name, "de", **variables)
