"""PDF, DOCX, EPUB and ODT → text. The only place that knows markitdown and odfdo, the extra `belegt[documents]`."""

import io
import re

from index.errors import ReadError

SUFFIXES = (".pdf", ".docx", ".epub", ".odt")
# a hyphen at the line's end within a word goes; in «Fracht-/und Personenverkehr» it stays
_BROKEN = re.compile(
    r"(?<=[a-zäöüß])(?:\u00ad|[-\u2010](?!\n\s*(?:und|oder|bzw|beziehungsweise|sowie|bis)\b))\n\s*(?=[a-zäöüß])"
)


def read_document(data: bytes, suffix: str, name: str) -> str:
    """The text of a document, paragraphs apart, headings as in Markdown where the format has some.

    Raises ReadError where it can't be read, holds no text (a scan), or the extra isn't installed.
    """
    try:
        text = _odt(data) if suffix == ".odt" else _converted(data, suffix)
    except ImportError as error:
        raise ReadError("read_packages", name=name, kind=suffix) from error
    except Exception as error:  # whatever the parsers below it raise
        raise ReadError("read_document", name=name, kind=suffix, why=_short(error)) from error
    text = _unwrapped(text) if suffix == ".pdf" else _unmarked(text)
    if not any(char.isalnum() for char in text):
        raise ReadError("read_scan", name=name)
    return text


def _converted(data: bytes, suffix: str) -> str:
    from markitdown import MarkItDown

    return str(MarkItDown(enable_plugins=False).convert_stream(io.BytesIO(data), file_extension=suffix).text_content)


def _odt(data: bytes) -> str:
    """Headings and paragraphs, those in lists and tables too; no notes, no comments, no deleted text."""
    from odfdo import Document

    body = Document(io.BytesIO(data)).body
    for beside in body.xpath("descendant::office:annotation | descendant::text:note | descendant::text:tracked-changes"):
        beside.delete()
    lines = []
    for element in body.xpath("descendant::text:h | descendant::text:p"):
        text = " ".join(str(element.inner_text).split())
        lines.append(f"{'#' * int(element.get_attribute('text:outline-level') or 1)} {text}" if element.tag == "text:h" else text)
    return "\n\n".join(filter(None, lines))


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__


def _unwrapped(text: str) -> str:
    """Paragraphs in one line each: a page breaks them anywhere, and words at the line's end."""
    paragraphs = re.split(r"\n\s*\n|\f", text)
    joined = (_BROKEN.sub("", paragraph) for paragraph in paragraphs)
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in joined if paragraph.strip()) + "\n"


def _unmarked(text: str) -> str:
    """Markdown without pictures, links and emphasis: a quote is to read as the words in the document do."""
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", text)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", r"\2", text)
    text = re.sub(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])", r"\1", text)
    text = re.sub(r"\\([\\`*_{}\[\]()#+\-.!|<>~])", r"\1", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
