"""Questions as vectors that lie near the sentences that answer them: the default embedding's own encoder, trained on for questions.

Only the questions' side was trained (as in DensePhrases, Lee et al. 2021): sentences and articles keep the vectors of the embedding as
it is, so that an index built before is read as well.
"""

from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from index.e5_weights import Floats
from index.errors import EmbeddingError, GraphError
from index.graphs import open_session
from index.once import once
from index.tokens import Tokenizer, load_tokenizer

_REMEMBERED = 256  # questions: the parts of one are looked for again and again, and people ask again


class QuestionEncoder:
    """Question → (hidden,) unit vector, in one thread. Safe to use from several at once."""

    def __init__(self, graph: bytes, tokenizer: Tokenizer) -> None:
        self._session = open_session(graph)
        self._tokenizer = tokenizer
        self.vector = lru_cache(_REMEMBERED)(self._vector)

    @classmethod
    def open(cls, file: Traversable) -> "QuestionEncoder":
        """The one that `make train-questions` wrote; EmbeddingError where it can't be loaded."""
        try:
            return cls(file.read_bytes(), load_tokenizer())
        except (OSError, GraphError) as error:
            raise EmbeddingError(f"{file}: holds no question encoder that can be loaded ({error}); install belegt anew") from error

    def _vector(self, question: str) -> Floats:
        words = self._tokenizer.vectors(self._tokenizer.alone(question))
        (vector,) = self._session.run(["vector"], {"words": words[None]})
        vector.flags.writeable = False  # who asks the same gets the same one
        found: Floats = vector
        return found


@once
def load_question_encoder() -> QuestionEncoder:
    """The bundled one, once per process; EmbeddingError where it can't be loaded."""
    return QuestionEncoder.open(files("index") / "questions.onnx")
