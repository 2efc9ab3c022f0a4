"""The embedding models: the bundled one, and any of sentence-transformers."""

from pathlib import Path

import numpy as np
import pytest

from index.embedding import load_encoder
from index.errors import EmbeddingError


def test_the_bundled_model_gives_unit_vectors_that_mean_something() -> None:
    encoder = load_encoder()
    vectors = encoder.passages(["Die Brücke ist gesperrt.", "Das Rezept verlangt drei Eier.", "Ein NUL\x00 und ein \ud800 darin."])
    assert vectors.shape == (3, encoder.dimension)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    question = encoder.query("Which bridge is closed?")
    assert question @ vectors[0] > question @ vectors[1]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a sentence-transformers model of two layers, made here."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Pooling, Transformer
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("tiny")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "query", "passage", ":", "the", "bridge", "ferry"]
    tokenizer = Tokenizer(WordLevel({word: at for at, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    torch.manual_seed(0)
    config = BertConfig(vocab_size=len(words), hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32)
    BertModel(config).save_pretrained(folder / "bert")
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="[UNK]", pad_token="[PAD]").save_pretrained(folder / "bert")
    module = Transformer(str(folder / "bert"))
    model = SentenceTransformer(modules=[module, Pooling(16)], prompts={"query": "query: ", "document": "passage: "}, device="cpu")
    model.save(str(folder / "model"))
    return folder / "model"


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_folder_of_sentence_transformers_serves_with_its_own_prompts(tiny: Path) -> None:
    encoder = load_encoder(str(tiny))
    assert encoder.dimension == 16
    one, two = encoder.passages(["the bridge", "the ferry"])
    assert np.linalg.norm(one) == pytest.approx(1, abs=1e-4)
    assert not np.allclose(one, two)
    assert not np.allclose(encoder.query("the bridge"), one)  # another prompt


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_what_is_no_model_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(EmbeddingError) as caught:
        load_encoder(str(tmp_path / "empty"))
    assert len(str(caught.value).splitlines()) == 1
    assert "empty" in str(caught.value)
