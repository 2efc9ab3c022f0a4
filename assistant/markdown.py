"""Plain text inside Markdown: article text is data."""

import re

_SIGNS = r"[\\`*<\[]"


def literal(text: str) -> str:
    """Text in one line in which Markdown finds no link, image, emphasis or HTML."""
    return re.sub(f"({_SIGNS})", r"\\\1", " ".join(text.split()))


def unescaped(text: str) -> str:
    """Text as it was before `literal`."""
    return re.sub(rf"\\({_SIGNS})", r"\1", text)
