"""Plain text inside Markdown: article text is data."""

import re

# an underscore inside a word is one, and a URL is made a link only where its "://" or "www." stands bare
_SIGNS = re.compile(r"[\\`*<\[]|(?<![^\W_])_|_(?![^\W_])|:(?=//)|(?<=\bwww)\.", re.IGNORECASE)


def literal(text: str) -> str:
    """Text in one line in which Markdown finds no link, image, emphasis or HTML (GitHub's finds e-mail addresses all the same)."""
    return _SIGNS.sub(r"\\\g<0>", " ".join(text.split()))


def unescaped(text: str) -> str:
    """Text as it was before `literal`."""
    return re.sub(r"\\([\\`*<\[_:.])", r"\1", text)
