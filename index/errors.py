"""What can go wrong while reading, indexing or searching.

BelegtError
└── IndexingError
    ├── ReadError        a file isn't a readable article
    ├── NoArticlesError  a folder or an index holds nothing to work with
    ├── EmbeddingError   the embedding model can't be loaded
    ├── GraphError       an ONNX graph can't be run
    ├── MismatchError    the index was built with another model or chunking
    └── StoreError       the data folder can't be read or written

Every message is one line that names the thing, what is wrong with it, and what to do.
"""

from typing import Any

# What is wrong with a file or a page, by code. The web chat has the same in German.
READ: dict[str, str] = {
    "read_missing": "{name}: no such file or folder",
    "read_folder": "{name}: can't be searched ({why})",
    "read_kind": "{name}: not a kind of file that can be read; use {kinds}",
    "read_size": "{name}: {has} is more than the limit of {most}; split it, or raise --max-mb",
    "read_system": "{name}: can't be read ({why})",
    "read_reporting": "{name}: no reporting found in it, only {dropped}; is it an article?",
    "read_no_text": "{name}: holds no text; nothing to read",
    "read_pasted": "{name}: holds no text; paste an article's text",
    "read_empty": "{name}: is empty; nothing to read",
    "read_byte": "{name}: is UTF-8 but for byte {byte}, which is invalid; repair or convert the file",
    "read_binary": "{name}: is not text but a binary file; convert it to text or HTML first",
    "read_encoding": "{name}: its encoding can't be told, so it may be no text; convert it to UTF-8",
    "read_front_matter": "{name}: its front matter can't be read ({why}); mend it or take it out",
    "read_object": "{name}: holds {held} where an object with title and body is expected",
    "read_field": "{name}: field {field!r} is missing or wrong ({why}); an article needs at least body",
    "read_json": "{name}: is not valid JSON ({why})",
    "read_html": "{name}: its HTML can't be parsed ({why}); save the page again or use plain text",
    "read_page": "{name}: no article text found in this page; save the article itself, or its plain text",
    "read_packages": "{name}: reading {kind} needs more packages; install them: pip install 'belegt[documents]'",
    "read_document": "{name}: can't be read as {kind} ({why}); save it again, or as plain text",
    "read_scan": "{name}: holds no text, perhaps pictures of pages; recognise its text first (OCR)",
    "read_address": "{name}: is no web address; it begins with http:// or https://",
    "read_status": "{name}: the server answers {answered}; check the address",
    "read_network": "{name}: can't be reached ({why}); check the address and the network",
    "read_web": "{name}: can't be read ({why}); check the address",
    "read_heavy": "{name}: is more than {most}; save the article itself and index the file",
    "read_feed": "{name}: is a feed without entries; nothing to read",
    "read_gone": "{name}: no longer there; its articles stay as they were indexed",
}


class BelegtError(Exception):
    """Base of all expected errors, this package's and those of asking.

    `code` names what is wrong and `facts` the values in the message, for whoever says it in another language; "" where nobody does.
    """

    def __init__(self, message: str, code: str = "", **facts: object) -> None:
        super().__init__(message)
        self.code, self.facts = code, facts


class IndexingError(BelegtError):
    """Base of all errors of this package."""


class ReadError(IndexingError):
    """A file isn't a readable article. `code` is one of `READ`, `facts` the values in its message, `name` the file or address."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(READ[code].format(**facts), code, **facts)

    def __reduce__(self) -> tuple[Any, ...]:
        """For copies and other processes: it is made of code and facts, not of its message."""
        return _read_error, (self.code, self.facts)


def _read_error(code: str, facts: dict[str, object]) -> ReadError:
    return ReadError(code, **facts)


class NoArticlesError(IndexingError):
    """There is nothing to index, or nothing indexed yet."""


class EmbeddingError(IndexingError):
    """The embedding model can't be loaded or used."""


class GraphError(IndexingError):
    """An ONNX graph can't be run: its file is broken, or of a kind that this runtime doesn't know."""


class MismatchError(IndexingError):
    """The index was built with another embedding model or chunking."""


class StoreError(IndexingError):
    """The data folder can't be read or written."""
