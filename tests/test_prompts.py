import pytest

from prompts import PromptError, prompt


def test_every_language_has_its_refusal_and_others_get_english() -> None:
    texts = {code: prompt("abstention", code) for code in ("de", "en", "fr", "es", "it", "pt", "pl")}
    assert len(set(texts.values())) == len(texts)
    assert prompt("abstention", "xx") == texts["en"]


@pytest.mark.parametrize(
    ("name", "variables"), [("abstention", {"extra": "x"}), ("comment", {"by": "x"}), ("nothing", {})]
)
def test_missing_and_unknown_are_errors(name: str, variables: dict[str, str]) -> None:
    with pytest.raises(PromptError):
        prompt(name, "de", **variables)
