"""The reader in torch: the embedding's own encoder with heads for the span and for whether the text answers."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional as F

Floats = npt.NDArray[np.float32]
Logits = tuple[Tensor, Tensor, Tensor]  # start, end, answers


class Layer(nn.Module):
    """One encoder layer, normalised after each part, as in BERT."""

    def __init__(self, hidden: int, heads: int, inner: int, epsilon: float, dropout: float) -> None:
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.qkv = nn.Linear(hidden, 3 * hidden)
        self.out = nn.Linear(hidden, hidden)
        self.norm = nn.LayerNorm(hidden, epsilon)
        self.up = nn.Linear(hidden, inner)
        self.down = nn.Linear(inner, hidden)
        self.final = nn.LayerNorm(hidden, epsilon)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """(batch, n, hidden) → the same; `mask` is (batch, 1, 1, n), true where there is a token."""
        b, n, h = x.shape
        q, k, v = self.qkv(x).view(b, n, 3, self.heads, h // self.heads).permute(2, 0, 3, 1, 4)
        attended = self.out(_attend(q, k, v, mask).transpose(1, 2).reshape(b, n, h))
        x = self.norm(x + F.dropout(attended, self.dropout, self.training))
        return self.final(x + F.dropout(self.down(F.gelu(self.up(x))), self.dropout, self.training))  # type: ignore[no-any-return]


def _attend(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None) -> Tensor:
    """(batch, heads, n, size) each → the same; plain products where torch's own would train three times slower (bfloat16 on a CPU)."""
    if q.device.type != "cpu" or q.dtype != torch.bfloat16:
        return F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    b, heads, n, size = q.shape
    hidden = torch.zeros(b, 1, 1, n, dtype=q.dtype) if mask is None else torch.zeros_like(mask, dtype=q.dtype).masked_fill_(~mask, -1e4)
    bias = hidden.expand(b, heads, n, n).reshape(b * heads, n, n)
    q, k, v = (part.reshape(b * heads, n, size) for part in (q, k, v))
    with torch.autocast("cpu", enabled=False):  # which would take the softmax in float
        likely = torch.baddbmm(bias, q * size**-0.5, k.transpose(1, 2)).softmax(-1)
        return torch.bmm(likely, v).view(b, heads, n, size)


class Network(nn.Module):
    """Word vectors (not trained: they are read from the embedding's file) → logits.

    `start` and `end` score each token, `answers` the whole: what <s> says together with the tokens where the span may begin and end.
    """

    def __init__(
        self, hidden: int = 384, layers: int = 12, heads: int = 12, inner: int = 1536, positions: int = 512, epsilon: float = 1e-12,
        dropout: float = 0.1,
    ) -> None:  # fmt: skip
        super().__init__()
        self.sizes = {"hidden": hidden, "layers": layers, "heads": heads, "inner": inner, "positions": positions}
        self.dropout = dropout
        self.position = nn.Parameter(torch.zeros(positions, hidden))
        self.norm = nn.LayerNorm(hidden, epsilon)
        self.layers = nn.ModuleList(Layer(hidden, heads, inner, epsilon, dropout) for _ in range(layers))
        self.span = nn.Linear(hidden, 2)
        self.join = nn.Linear(3 * hidden, hidden)
        self.verdict = nn.Linear(hidden, 1)

    @classmethod
    def from_bert(cls, tensors: Mapping[str, Floats], layers: int = 12, **options: Any) -> "Network":
        """With the weights of a BertModel; the heads at random."""
        network = cls(layers=layers, **options)
        state = network.state_dict()

        def take(ours: str, *theirs: str) -> None:
            state[ours] = torch.cat([torch.from_numpy(np.array(tensors[name], np.float32)) for name in theirs])

        # BERT adds a vector for the kind of segment, always the first here
        kind = torch.from_numpy(np.array(tensors["embeddings.token_type_embeddings.weight"], np.float32))[0]
        take("position", "embeddings.position_embeddings.weight")
        state["position"] = state["position"] + kind
        for part in ("weight", "bias"):
            take(f"norm.{part}", f"embeddings.LayerNorm.{part}")
            for i in range(layers):
                at = f"encoder.layer.{i}"
                take(f"layers.{i}.qkv.{part}", *(f"{at}.attention.self.{name}.{part}" for name in ("query", "key", "value")))
                take(f"layers.{i}.out.{part}", f"{at}.attention.output.dense.{part}")
                take(f"layers.{i}.norm.{part}", f"{at}.attention.output.LayerNorm.{part}")
                take(f"layers.{i}.up.{part}", f"{at}.intermediate.dense.{part}")
                take(f"layers.{i}.down.{part}", f"{at}.output.dense.{part}")
                take(f"layers.{i}.final.{part}", f"{at}.output.LayerNorm.{part}")
        network.load_state_dict(state)
        return network

    @classmethod
    def of(cls, state: Mapping[str, Tensor]) -> "Network":
        """One with trained weights, as many layers as they have, ready to read."""
        network = cls(layers=1 + max(int(name.split(".")[1]) for name in state if name.startswith("layers.")))
        network.load_state_dict(state)
        return network.eval()

    def forward(self, words: Tensor, mask: Tensor | None, inside: Tensor) -> Logits:
        """(batch, n, hidden) word vectors, (batch, n) tokens, (batch, n) the text's tokens → (batch, n) start and end, (batch,) answers."""
        x = self.states(words, mask)
        start, end = self.span(x).float().masked_fill(~inside[..., None], -1e4).unbind(-1)
        likely = torch.stack([start, end], 1).softmax(-1).to(x.dtype) @ x  # what stands where the span may begin, and end
        joined = F.gelu(self.join(torch.cat([x[:, 0], likely[:, 0], likely[:, 1]], -1)))
        return start, end, self.verdict(joined).squeeze(-1).float()

    def states(self, words: Tensor, mask: Tensor | None) -> Tensor:
        """(batch, n, hidden) word vectors and (batch, n) tokens → (batch, n, hidden) states after the last layer."""
        x: Tensor = self.norm(words + self.position[: words.shape[1]])
        x = F.dropout(x, self.dropout, self.training)
        keys = None if mask is None else mask[:, None, None, :]
        for layer in self.layers:
            x = layer(x, keys)
        return x


@torch.no_grad()
def loudness(network: Network, inputs: Iterable[tuple[Tensor, Tensor]]) -> dict[str, Floats]:
    """The largest activation, without its sign, in each channel that enters a matrix of the layers; `inputs` are words and inside."""
    found: dict[str, Tensor] = {}

    def listen(name: str) -> Any:
        def hear(_module: nn.Module, given: tuple[Tensor, ...], _out: Tensor) -> None:
            loud = given[0].abs().flatten(0, 1).amax(0)
            found[name] = torch.maximum(found[name], loud) if name in found else loud

        return hear

    hooks = [
        getattr(layer, part).register_forward_hook(listen(f"layers.{i}.{part}"))
        for i, layer in enumerate(network.layers) for part in ("qkv", "out", "up", "down")
    ]  # fmt: skip
    for words, inside in inputs:
        network(words, None, inside)
    for hook in hooks:
        hook.remove()
    return {name: loud.numpy() for name, loud in found.items()}


def loss(
    start: Tensor, end: Tensor, answers: Tensor, first: Tensor, last: Tensor, span_weight: float = 0.5, of: Tensor | None = None
) -> Tensor:
    """Cross entropy of whether the text answers, and where it does (`first` is negative elsewhere) of start and end.

    Where the texts of a question are compared (`of`, (batch,), numbers the question), of which one answers as well; where it is only
    known that one of them does (`first` is -2), of whether any does: noisy or (Maron and Lozano-Pérez 1998).
    """
    positive, known = first >= 0, first > -2
    total = F.binary_cross_entropy_with_logits(answers[known], positive[known].float()) if bool(known.any()) else answers.sum() * 0
    if of is not None:
        member = of[None] == torch.arange(int(of[-1]) + 1, device=of.device)[:, None]  # (questions, batch)
        gold = member & positive
        told, untold = gold.any(1), (member & ~known).any(1)
        if bool(told.any()):
            every = answers.expand(len(member), -1).masked_fill(~member, -1e4).logsumexp(1)
            right = (answers * gold).sum(1)
            total = total + (every - right)[told].mean()
        if bool(untold.any()):
            none = (F.logsigmoid(-answers) * member).sum(1)[untold]
            total = total - torch.log(-torch.expm1(none.clamp(max=-1e-4))).mean()
    if bool(positive.any()):
        spans = F.cross_entropy(start[positive], first[positive]) + F.cross_entropy(end[positive], last[positive])
        total = total + span_weight * spans
    return total


def taught_loss(ours: Logits, theirs: Sequence[Logits], first: Tensor, span_weight: float = 0.5) -> Tensor:
    """Cross entropy with what teachers make of the same batch (Hinton et al. 2015); of start and end where there is an answer."""
    start, end, answers = ours
    total = F.binary_cross_entropy_with_logits(answers, torch.stack([logits[2] for logits in theirs]).mean(0).sigmoid())
    positive = first >= 0
    if bool(positive.any()):
        for place, mine in enumerate((start, end)):
            wanted = torch.stack([logits[place][positive].softmax(-1) for logits in theirs]).mean(0)
            total = total + span_weight * F.cross_entropy(mine[positive], wanted)
    return total


def schedule(step: int, steps: int, warm: float = 0.06) -> float:
    """Factor of the learning rate: up in a line, then down as a half cosine."""
    begin = max(1, int(warm * steps))
    if step < begin:
        return (step + 1) / begin
    return 0.5 * (1 + math.cos(math.pi * (step - begin) / max(1, steps - begin)))
