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
    """A file isn't a readable article."""


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
