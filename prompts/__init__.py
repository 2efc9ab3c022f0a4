"""Texts that people or models read, as files: `NAME.LANGUAGE.md` with {variables}."""

from functools import cache
from importlib.resources import files
from string import Formatter


class PromptError(Exception):
    """A prompt is missing, or its variables don't fit."""


@cache
def _text(name: str, language: str) -> str:
    folder = files(__name__)
    for code in (language, "en"):
        file = folder / f"{name}.{code}.md"
        if file.is_file():
            return file.read_text("utf-8").strip()
    raise PromptError(f"no prompt named {name!r} in prompts/; there is no file {name}.en.md")


def prompt(name: str, language: str, **variables: str) -> str:
    """The text of that name in `language` (else in English), filled in; PromptError for a missing or an unknown variable."""
    text = _text(name, language)
    wanted = {field for _, field, _, _ in Formatter().parse(text) if field is not None}
    if wanted != set(variables):
        missing, unknown = sorted(wanted - set(variables)), sorted(set(variables) - wanted)
        raise PromptError(f"prompt {name!r}: missing variables {missing}, unknown variables {unknown}")
    return text.format(**variables)
