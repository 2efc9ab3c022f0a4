"""Passages → drafted sentences, by a language model. The only place that knows llama-index's language models."""

import os
import queue
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path
from typing import Any

from assistant.errors import ModelError, SettingError
from index.sentences import split_sentences
from index.types import Hit
from prompts import prompt

BUDGET = 6000  # characters of passages that a model gets: whole ones, the best first
SECONDS = 60.0  # that one request may take, to the last word of what it brings
_TOKENS = 400
_CONTEXT = 8192  # tokens that a model run here gets: its own full context may take more memory than there is
_MARK = re.compile(r"\[(\d{1,2})\]")
_LIST = re.compile(r"\[\d{1,2}(?:\s*[,;]\s*\d{1,2})+\]")
_MARKS = re.compile(rf"(?:\s*{_MARK.pattern})+")
_THOUGHT = re.compile(r".*</(?:think(?:ing)?|reasoning)>", re.DOTALL | re.IGNORECASE)
_THINKING = re.compile(r"<(?:think(?:ing)?|reasoning)>.*", re.DOTALL | re.IGNORECASE)
_UNFINISHED = re.compile(r"(?:\[[\d,;\s]*|</?\w*)\Z")  # a marker or a tag that the next piece may end
_ENDED = re.compile(r"(?:[.!?…:]|(?<=\S)[\"'»«“”‘’›‹]|\d\])[*_)\s]*\Z")
_LIVE = re.compile(
    r"!\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])|\[([^\]]*)\]\([^)]*\)|</?[a-z][^<>]*>"
    r"|\b(?:https?|ftp|data|javascript|file):\S+|\bwww\.\S+",
    re.IGNORECASE,
)  # a picture, a link (its label is a group), a tag or an address
_BULLET = re.compile(r"^(?:(?:[-–•*]|#+|>(?= \D)) )+")  # «-5 Grad» is none, nor is «> 9 Prozent»
_EMPHASIS = re.compile(r"(?<!\w)(\*{1,3}|_{1,3}|`+)(?=\S)(.+?)(?<=\S)\1(?!\w)")
_KEYS = ("BELEGT_LLM_KEY", "OPENAI_API_KEY")
_FORMS = "openai-like:MODEL@URL, ollama:MODEL or local:FILE.gguf"


def uncarried() -> ModelError:
    """What is said where nothing of what a model wrote is left."""
    return ModelError("nothing that the model wrote is carried by the articles", "model_uncarried")


@dataclass(frozen=True, slots=True)
class Drafted:
    """A sentence as a model wrote it, without its markers, and the numbers of the passages that these name."""

    text: str
    marks: tuple[int, ...]


class Model:
    """A language model of llama-index, with a limit on the time that an answer may take. Safe to use from several threads."""

    def __init__(self, llm: Any, name: str = "", seconds: float = SECONDS, close: Callable[[], object] | None = None) -> None:
        self._llm, self._close = llm, close
        self.served_by: Any = None
        # some ask their server for the metadata: what has a name without is not to fail for a server that is down
        told = getattr(llm, "model", "") or getattr(getattr(llm, "metadata", None), "model_name", "")
        self.name = name or str(told) or type(llm).__name__
        self._seconds = seconds

    def draft(self, question: str, language: str, hits: Sequence[Hit]) -> Iterator[Drafted]:
        """The sentences of an answer as they become whole. Raises ModelError where the model fails, is too slow or says no sentence."""
        refusal = prompt("abstention", language)
        text = prompt("answer", language, refusal=refusal, passages=blocks(hits), question=_data(question))
        return self._sentences(text, refusal, language)

    def revise(self, sentence: str, language: str, number: int, hit: Hit) -> Drafted | None:
        """The sentence in the words of one passage; None where the model can't. Raises as `draft` does."""
        refusal = prompt("abstention", language)
        passages = blocks([hit], first=number)
        text = prompt("revise", language, sentence=_data(sentence), number=str(number), refusal=refusal, passages=passages)
        return next(self._sentences(text, refusal, language), None)

    def rewrite(self, question: str, language: str, turns: Sequence[str]) -> str:
        """A follow-up question as it would be asked without the `turns` before it. Raises as `draft` does."""
        told = "\n".join(map(_data, turns))
        return plain(unescape(self.say(prompt("rewrite", language, turns=told, question=_data(question)))))

    def close(self) -> None:
        """Close the connections to its server; those of an LLM that was passed in stay its owner's."""
        if self._close:
            self._close()

    def say(self, text: str) -> str:
        """What the model replies to a prompt, without its thoughts. Raises ModelError where it fails or is too slow."""
        return _THINKING.sub("", _THOUGHT.sub("", "".join(self._stream(text))))

    def _sentences(self, text: str, refusal: str, language: str) -> Iterator[Drafted]:
        refused = shown = False
        for sentence in self._written(text, language):
            if refusal.rstrip(".").casefold() in sentence.casefold():
                refused = True
            elif drafted := _drafted(sentence):
                shown = True
                yield drafted
        if not refused and not shown:
            raise uncarried()

    def _written(self, text: str, language: str) -> Iterator[str]:
        """The sentences with their markers, without the model's thoughts: those that it marks as such."""
        said = ""
        done = 0
        for piece in self._stream(text):
            said += piece
            if _THOUGHT.match(said):
                said, done = _THOUGHT.sub("", said), 0
            if _UNFINISHED.search(said) or _THINKING.search(said):
                continue
            whole = _whole(said, language)
            yield from whole[done:-1]  # the last one may go on, and its markers are still to come
            done = max(done, len(whole) - 1)
        said = _THINKING.sub("", said)
        if not any(char.isalnum() for char in said):
            raise ModelError(f"{self.name} gave an empty answer", "model_empty", name=self.name)
        yield from _whole(said, language)[done:]

    def _stream(self, text: str) -> Iterator[str]:
        """What the model writes, piece by piece, read by a thread of its own: a model that hangs is left behind at the limit."""
        pieces: queue.SimpleQueue[tuple[float, str | Exception | None]] = queue.SimpleQueue()
        stopped = threading.Event()

        def read() -> None:
            last: Exception | None = None
            try:
                for part in self._request(text):
                    if stopped.is_set():
                        return
                    pieces.put((time.monotonic(), part))
            except Exception as error:  # whatever the clients of the many servers raise
                last = error
            pieces.put((time.monotonic(), last))

        limit = time.monotonic() + self._seconds
        threading.Thread(target=read, daemon=True).start()
        try:
            while True:
                try:
                    came = [pieces.get(timeout=max(0.01, limit - time.monotonic()))]
                except queue.Empty:
                    raise self._late() from None
                while not pieces.empty():  # all at once: what is done with a piece may take longer than the next one
                    came.append(pieces.get())
                # when it came counts, not when it is taken: what the caller does in between isn't the model's time
                yield "".join(piece for at, piece in came if at <= limit and isinstance(piece, str))
                at, last = came[-1]
                if at > limit:  # it writes on and on
                    raise self._late()
                if last is None:
                    return
                if isinstance(last, Exception):
                    why = " ".join(str(last).split())[:160] or type(last).__name__
                    raise ModelError(f"{self.name} failed ({why})", "model_failed", name=self.name, why=why) from last
        finally:
            stopped.set()

    def _late(self) -> ModelError:
        return ModelError(f"{self.name} took longer than {self._seconds:g} s", "model_late", name=self.name, seconds=f"{self._seconds:g}")

    def _request(self, text: str) -> Iterator[str]:
        from llama_index.core.llms import ChatMessage

        if self._llm.metadata.is_chat_model:
            for part in self._llm.stream_chat([ChatMessage(role="user", content=text)]):
                yield part.delta or ""
        else:
            for part in self._llm.stream_complete(text):
                yield part.delta or ""


def load_model(setting: Any, seconds: float = SECONDS) -> Model:
    """The model that a setting names (`openai-like:MODEL@URL`, `ollama:MODEL[@URL]`, `local:FILE.gguf`), or an LLM of llama-index.

    A key comes from BELEGT_LLM_KEY or OPENAI_API_KEY and is said nowhere. Raises SettingError for a setting that can't be used, naming
    the package to install where one is missing.
    """
    if not isinstance(setting, str):
        return Model(setting, seconds=seconds)
    kind, _, rest = setting.partition(":")
    if kind == "openai-like" and "@" in rest:
        name, _, url = rest.rpartition("@")
        return _openai_like(name, url, seconds)
    if kind == "ollama" and rest:
        name, _, url = rest.partition("@")
        return _ollama(name, url, seconds)
    if kind == "local" and rest:
        return _local(Path(rest).expanduser(), seconds)
    raise SettingError(f"llm {setting!r}: write it as {_FORMS}")


def _openai_like(name: str, url: str, seconds: float) -> Model:
    if not re.match(r"https?://", url):
        raise SettingError(f"llm: {url!r} is no address; write it as openai-like:MODEL@http://host:port/v1")
    try:
        import httpx
        from llama_index.llms.openai_like import OpenAILike
    except ImportError as error:
        raise SettingError("llm openai-like needs one more package; install it: pip install 'belegt[llm]'") from error
    key = next((os.environ[name] for name in _KEYS if os.environ.get(name)), "none")
    # its client waits and tries again after 429, 5xx and broken connections
    client = httpx.Client(timeout=seconds, follow_redirects=True)
    llm = OpenAILike(model=name, api_base=url, api_key=key, is_chat_model=True, temperature=0.0, max_tokens=_TOKENS, timeout=seconds,
                     max_retries=2, http_client=client)  # fmt: skip
    return Model(llm, name, seconds, client.close)


def _ollama(name: str, url: str, seconds: float) -> Model:
    try:
        from llama_index.llms.ollama import Ollama
        from ollama import Client
    except ImportError as error:
        raise SettingError("llm ollama needs one more package; install it: pip install 'belegt[llm]'") from error
    client = Client(host=url or None, timeout=seconds)
    llm = Ollama(model=name, request_timeout=seconds, temperature=0.0, context_window=_CONTEXT, client=client,
                 additional_kwargs={"num_predict": _TOKENS})  # fmt: skip
    return Model(llm, name, seconds, client.close)


def serve_file(file: Path, context: int = _CONTEXT) -> Any:
    """A GGUF file served inside this process, at the server's `listening_address`; SettingError where it can't be. `context` in tokens."""
    if not file.is_file():
        raise SettingError(f"llm local: {file} is no file; name a GGUF file")
    try:
        import xllamacpp
    except ImportError as error:
        raise SettingError("llm local needs more packages; install them: pip install 'belegt[local]'") from error
    params = xllamacpp.CommonParams()
    params.model.path = str(file)
    params.n_ctx, params.n_parallel, params.verbosity = context, 1, -1
    try:
        return xllamacpp.Server(params)
    except Exception as error:
        raise SettingError(f"llm local: {file} can't be loaded ({' '.join(str(error).split())[:120]}); is it a GGUF file?") from error


def _local(file: Path, seconds: float) -> Model:
    server = serve_file(file)
    model = _openai_like(file.stem, f"{server.listening_address}/v1", seconds)
    model.served_by = server  # which stops with the last name for it
    return model


def affordable(hits: Sequence[Hit], budget: int = BUDGET) -> list[Hit]:
    """As many of the hits, best first, as the budget holds whole; at least one."""
    kept: list[Hit] = []
    for hit in hits:
        budget -= len(hit.passage.text)
        if kept and budget < 0:
            break
        kept.append(hit)
    return kept


def blocks(hits: Sequence[Hit], first: int = 1) -> str:
    """The passages as numbered blocks of data, that no text in them can end."""
    told = []
    for number, hit in enumerate(hits, first):
        source = hit.source
        facts = {"nr": str(number), "medium": source.outlet, "datum": source.published.isoformat() if source.published else ""}
        facts |= {"art": "Leserkommentar"} if hit.passage.voice == "comment" else {}
        named = " ".join(f'{name}="{escape(value)}"' for name, value in facts.items() if value)
        told.append(f"<absatz {named}>\n{escape(' '.join(hit.passage.text.split()), quote=False)}\n</absatz>")
    return "\n\n".join(told)


def plain(text: str) -> str:
    """Text without pictures, links, tags, addresses, bullets and emphasis; every other sign stays as it is."""
    return _unformatted(_LIVE.sub(lambda found: found[1] or " ", text))


def _data(text: str) -> str:
    """Text for a prompt, where nothing of it closes a block of data."""
    return escape(plain(text), quote=False)


def _unformatted(text: str) -> str:
    text = _BULLET.sub("", " ".join(text.split()))
    while (bare := _EMPHASIS.sub(r"\2", text)) != text:  # one inside another
        text = bare
    return text.removeprefix("**").removesuffix("**")  # of a pair around several sentences


def _whole(said: str, language: str) -> list[str]:
    """The sentences of what was written so far, each with the markers behind it."""
    pieces: list[str] = []
    for line in _LIST.sub(lambda found: re.sub(r"\s*[,;]\s*", "][", found[0]), said).splitlines():
        for start, end in split_sentences(re.sub(r"!(?=\[\D)", "x", line), 0, len(line), language):  # a picture's sign ends none
            piece = line[start:end]
            marks = _MARKS.match(piece)
            if marks and pieces:
                pieces[-1] += " " + marks[0].strip()
                piece = piece[marks.end() :]
            if piece.strip():
                pieces.append(piece.strip())
    return pieces


def _drafted(sentence: str) -> Drafted | None:
    """A sentence as the model wrote it, but for markers and emphasis; None where it is cut off, or isn't all words that can be checked."""
    unmarked = _MARK.sub(" ", re.sub(rf"{_MARKS.pattern}(?![^\W_])", "", sentence))
    text = _unformatted(unescape(unmarked))  # the passages were escaped for it
    whole = _ENDED.search(sentence) and any(char.isalnum() for char in text) and not _LIVE.search(text)
    return Drafted(text, tuple(dict.fromkeys(map(int, _MARK.findall(sentence))))) if whole else None
