"""Question → answer: the Python module that programs embed."""

import math
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from assistant.asked import LONGEST_QUESTION, Day, Limited, check_outlets, checked, filters_of, outlets_asked
from assistant.candidates import NAMED, Quote
from assistant.citing import attribution, citation_of, marked, short_of, with_answer
from assistant.claims import time_asked
from assistant.conversation import Followed, follow, keeps_to
from assistant.errors import FilterError, ModelError
from assistant.feedback import Feedback
from assistant.judge import Judge
from assistant.markdown import literal
from assistant.overview import choose_overview
from assistant.questions import (
    asks_for_latest,
    asks_for_opinions,
    asks_for_overview,
    asks_for_summary,
    conjuncts_of,
    is_small_talk,
    is_talk,
    overview_topic,
    parts_of,
    quoted_in,
    topic_of,
    unquoted,
    without_greeting,
)
from assistant.quotes import (
    agreeing,
    choose_opinions,
    choose_quotes,
    named_commenter,
    opening_of,
    outdated,
    speaks_of,
    together,
)
from assistant.settings import data_folder, seeds_folder
from assistant.types import Answer, Citation, Conflict, Dropped, Sentence, Timings
from index.build import Progress, Report, remove, update
from index.embedding import DEFAULT, Encoder, load_encoder
from index.errors import MismatchError, NoArticlesError, ReadError, StoreError
from index.generations import DataFolder
from index.language import detect_language
from index.language import warm as warm_language
from index.lexical import names_in
from index.search import Index, LiveIndex, sources
from index.types import VOICES, Article, Filters, Hit, Source
from index.web import is_address
from prompts import prompt

if TYPE_CHECKING:  # what few questions need isn't loaded for all
    from assistant.evaluation import Evaluation
    from assistant.generate import Model

_HITS = 8
_OVERVIEW_HITS = 12
_ABOUT = 0.55  # share of the topic's names that the best article has to have
_NEAREST = 3
_COMMENTS = 24  # comments among which one by a commenter whom the question names is looked for
_OF_A_PART = 5  # windows read for each part of a question, which asks for less than the whole and costs as much
_TURNS = 3  # questions of a chat that a model sees, to write a follow-up anew
# how often an article's first sentences say what it is about: 31 of the 38 titles in eval/corpora/news and seeds/, each read
_OPENING = 0.8


class Assistant:
    """Answers questions over one index. Safe to use from several threads; follows the index when it is updated."""

    def __init__(self, data: DataFolder, encoder: Encoder, judge: Judge, model: "Model | None" = None) -> None:
        self._data = data
        self._model = model
        self._live = LiveIndex(data, encoder)
        self.judge = judge

    @classmethod
    def open(
        cls,
        data: str | Path | None = None,
        *,
        llm: Any = None,
        embedding: str | None = None,
        reader: str | None = None,
        reranker: str | None = None,
    ) -> "Assistant":
        """Open the index in folder `data` (default: BELEGT_DATA, else the user's data folder).

        `embedding` has to be the one that the index was built with, if given. `reader` is the bundled one by default, "off", or
        the name or folder of a Hugging Face question-answering model; `reranker` is none by default, or the name or folder of a
        sentence-transformers CrossEncoder. `llm` writes the answers, each sentence checked against what it cites:
        "openai-like:MODEL@URL", "ollama:MODEL", "local:FILE.gguf", or an LLM of llama-index.

        Raises SettingError where a setting can't be used, NoArticlesError where nothing is indexed yet, MismatchError where the index was
        built with another model, StoreError where it can't be read, EmbeddingError or ReaderError where the embedding, or a reader or
        reranker, can't be loaded.
        """
        written_by = None
        if llm is not None:
            from assistant.generate import load_model

            written_by = load_model(llm)
        folder = DataFolder(data_folder(data))
        built_with = _model_of(folder) or DEFAULT
        model = embedding or built_with
        if folder.current() is None:
            raise NoArticlesError(f"{folder.root}: nothing indexed yet; run belegt index")
        if model != built_with:  # before a model is loaded for nothing
            raise MismatchError(
                f"this index was built with the embedding {built_with!r}, not {model!r}; leave --embedding out, "
                f"or build it anew: belegt index --rebuild --embedding {model}"
            )
        # loading the language models and the reader takes as long as the rest: all at once
        thread = threading.Thread(target=warm_language, daemon=True)
        thread.start()
        judge = Judge(folder.root, reader, reranker)
        encoder = load_encoder(model)
        encoder.query("Was?")  # what embeds questions is loaded now, or found broken
        assistant = cls(folder, encoder, judge, written_by)
        with assistant._live.use():
            pass
        thread.join()
        judge.ready()
        return assistant

    @classmethod
    def build(
        cls,
        paths: Iterable[str | Path] = (),
        data: str | Path | None = None,
        *,
        embedding: str = DEFAULT,
        reader: str | None = None,
        reranker: str | None = None,
        llm: Any = None,
        progress: Progress | None = None,
    ) -> "Assistant":
        """Index the files or folders at `paths` (default: the shipped articles) into folder `data`, then open it."""
        index_paths(paths, data, embedding=embedding, progress=progress)
        return cls.open(data, llm=llm, embedding=embedding, reader=reader, reranker=reranker)

    def ask(
        self,
        question: str,
        *,
        since: Day = None,
        until: Day = None,
        outlet: str | Sequence[str] | None = None,
        comments: bool = False,
        most: int | None = None,
    ) -> Answer:
        """Answer a question from articles of some days or outlets, quoting at most `most` of them and what contradicts these.

        Raises QuestionError for a question that can't be asked, FilterError for a filter that can't be used.
        """
        return _answer_of(self.stream(question, since=since, until=until, outlet=outlet, comments=comments, most=most))

    def stream(self, question: str, **filters: Unpack[Limited]) -> Iterator[Sentence | Answer]:
        """The sentences of the answer as they become ready, then the whole answer; takes the filters of `ask`, raises as it does."""
        question = checked(question)
        yield from self._events(question, Followed.alone(without_greeting(question)), time.perf_counter(), **filters)

    def chat(self) -> "Chat":
        """A conversation, in which follow-up questions are understood."""
        return Chat(self)

    def sources(self) -> list[Source]:
        """What is indexed, newest first."""
        return sources(self._data)

    def article(self, article_id: str) -> Article:
        """An article with its text as it was indexed; NoArticlesError where there is none of that id."""
        with self._live.use() as index:
            article = index.article(article_id)
        if article is None:
            raise NoArticlesError(f"{article_id}: no such article in the index; belegt sources lists them")
        return article

    def add(
        self, files: Sequence[tuple[str, bytes]] = (), addresses: Sequence[str] = (), progress: Progress | None = None
    ) -> Report:
        """Index files given by name and content, and pages and feeds at web addresses. Raises as `index_paths` does.

        The files are kept in the data folder, so that they can be read again.
        """
        if not files and not addresses:
            raise NoArticlesError("no file and no address given; name at least one")
        paths = [self._data.keep_upload(name, content) for name, content in files]
        try:
            return index_paths([*paths, *addresses], self._data.root, progress=progress)
        finally:
            self._data.drop_uploads(paths)

    def reread(self, progress: Progress | None = None) -> Report:
        """Read every article's file or page again and index what has changed; one that is gone stays as it is and is in `failed`."""
        origins = list(dict.fromkeys(source.source for source in self.sources() if source.source))
        there = [origin for origin in origins if is_address(origin) or Path(origin).is_file()]
        report = index_paths(there, self._data.root, progress=progress) if there else Report()
        for origin in origins:
            if origin not in there:
                report.failed.append(ReadError("read_gone", name=origin))
        return report

    def remove(self, article_id: str) -> None:
        """Remove an article from the index; NoArticlesError where there is none of that id. A file outside the data folder stays."""
        source = self.article(article_id).source
        remove_articles([article_id], self._data.root)
        self._data.drop_uploads([Path(source)])

    def rate(self, answer: Answer, good: bool, reason: str = "") -> None:
        """Keep what a user says of an answer; FeedbackError where it can't be stored."""
        feedback(self._data.root).add(answer, good, reason)

    def evaluation(self) -> "Evaluation | None":
        """What the last `belegt eval` on this index's data folder found; SettingError where it can't be read."""
        from assistant.evaluation import Evaluation

        return Evaluation.load(self._data.root)

    def search(self, question: str, language: str, filters: Filters, k: int = _HITS) -> list[Hit]:
        """The `k` best passages for a question, best first: what an answer is made from."""
        with self._live.use() as index:
            return self.judge.ranked(question, index.search(question, language, filters, k))

    def warm(self) -> None:
        """Do now what the first question would wait for."""
        warm_language()
        for question in ("Was ist geschehen?", "Wer sagte etwas, und wann?"):  # in both of the reader's threads
            self.judge.read(question, self.search(question, "de", Filters()))

    def close(self) -> None:
        """Release the index's files and the connections to a model's server."""
        self._live.close()
        if self._model:
            self._model.close()

    def _events(
        self,
        question: str,
        followed: Followed,
        began: float,
        spoken: str = "",
        since: Day = None,
        until: Day = None,
        outlet: str | Sequence[str] | None = None,
        comments: bool = False,
        most: int | None = None,
    ) -> Iterator[Sentence | Answer]:
        """The sentences of the answer as they become ready, then the whole answer.

        `began` is when the question came (perf_counter), `spoken` the language of the chat that it leans on.
        """
        searched = time.perf_counter()
        sought = followed.sought
        if most is not None and most < 1:
            raise FilterError(f"at most {most} articles is too few to answer from; ask for 1 or more", "most", n=most)
        plain = without_greeting(question)
        own = unquoted(plain)
        opinions = asks_for_opinions(own)
        filters = filters_of(since, until, outlet, comments, opinions)
        with self._live.use() as index:
            check_outlets(filters, index)
            language = detect_language(own, default=spoken or index.language)
            asked, search_for = followed.asked, followed.search_for
            meant: frozenset[str] = frozenset()
            if not filters.outlets:
                meant = outlets_asked(sought, index.outlets)[0]
                asked, sought, search_for = (outlets_asked(text, meant)[1] for text in (asked, sought, search_for))
                filters = replace(filters, outlets=meant)
            commenter = named_commenter(sought, index.search(sought, language, filters, _COMMENTS)) if opinions else ""
            sought = topic_of(" ".join(sought.split(commenter or None))) if opinions else sought
            overview = asks_for_overview(asked) and not opinions
            topic = overview_topic(sought) if overview else sought
            search_for = topic if overview or opinions else search_for
            most_hits = _COMMENTS if commenter else _OVERVIEW_HITS if overview else _HITS
            near = index.search(search_for, language, filters, most_hits)
            if overview and (within := _of_the_time(index, asked, search_for, language, filters, near)):
                near = within
            if commenter:
                hits = [hit for hit in near if hit.passage.by.casefold() == commenter.casefold()]
            else:
                hits = self.judge.ranked(topic, near[:_HITS])
            # whether opinions are on the topic shows in the reporting that they are about
            grounds = index.search(sought, language, replace(filters, voices=frozenset(VOICES)), _HITS) if opinions else hits
            retrieved = time.perf_counter()
            alone = followed.sought == plain and not opinions
            draft = _Draft(0.0)
            titled = index.openings(quoted_in(question), filters) if asks_for_overview(question) and not opinions else []
            if commenter and not names_in(sought):  # all they wrote is asked for
                draft = _Draft(_OPENING, choose_opinions(hits))
            elif quotes := opening_of(titled):
                draft, hits = _Draft(_OPENING, quotes), titled
            elif not is_talk(question):
                if opinions or not asks_for_summary(asked):
                    draft = (self._parted(parts_of(asked), language, filters, index) if alone else None) or self._chosen(
                        asked, sought, language, hits, grounds, opinions
                    )
                    draft = (self._of_each(asked, language, filters, index, draft) if alone else None) or draft
                if overview and not draft.quotes:
                    draft = self._overview(topic, language, near)
            small_talk = is_small_talk(question)
            name = "talk" if small_talk else "abstention"
            answer = Answer(question, language, True, round(draft.confidence, 4), None, prompt(name, language))
            if draft.quotes:
                answer = self._answered(answer, draft if most is None else draft.of_at_most(most))
            elif not small_talk:
                nearest, _ = choose_quotes(plain, language, hits[:_NEAREST], most=_NEAREST, close=math.inf)
                answer = replace(answer, nearest=tuple(self._citation(n, quote) for n, quote in enumerate(nearest, 1)))
        # what only quotes can show side by side, or in whose words, or of which day, no model retells
        retells = draft.quotes and not (opinions or draft.against or draft.outdated or draft.missing or followed.failure)
        model = self._model if retells else None
        answer = replace(answer.with_status(followed.failure), outlets=tuple(sorted(meant)))
        events: Iterable[Sentence | Answer] = (*answer.sentences, answer)
        for event in self._written(model, answer, sought, draft, hits, most) if model else events:
            if isinstance(event, Answer):
                done = time.perf_counter()
                times = (retrieved - searched, done - retrieved, done - began)
                event = replace(event, timings_ms=Timings(*(round(1000 * seconds, 2) for seconds in times)))
            yield event

    def _followed(self, question: str, before: Sequence[str], told: str) -> Followed:
        """What a question asks for in the light of those `before` it and of the answer that was `told` last.

        A model writes it anew where there is one; what it writes is taken only where it still asks for the same.
        """
        plain = follow(question, before)
        if plain.sought == question:
            return plain
        failure = None
        if self._model:
            turns = [*before[-_TURNS:], told]
            try:
                language = detect_language(question, default=detect_language(before[-1]))
                rewritten = self._model.rewrite(question, language, turns)
                if keeps_to(rewritten, question, before[-1], turns):
                    return Followed.alone(rewritten)
            except ModelError as error:
                failure = error
        return replace(plain, failure=failure)

    def _written(
        self, model: "Model", quoted: Answer, question: str, draft: "_Draft", hits: Sequence[Hit], most: int | None
    ) -> Iterator[Sentence | Answer]:
        """What the model writes and the guard lets through, then the answer; the `quoted` one where nothing is left of it."""
        from assistant.generate import affordable, uncarried
        from assistant.written import write

        firsts = [quote.hit for quote in draft.quotes]
        chosen = list(dict.fromkeys(hit.passage.article_id for hit in (*firsts, *hits)))[:most]
        every = {hit.passage.id: hit for hit in (*firsts, *hits) if hit.passage.article_id in chosen}
        given = affordable(list(every.values()))
        sentences: list[Sentence] = []
        lines: list[str] = []
        cited: dict[tuple[str, int, int], Citation] = {}
        dropped: list[Dropped] = []
        failure: ModelError | None = None
        try:
            for event in write(model, question, quoted.language, given):
                if isinstance(event, Dropped):
                    dropped.append(event)
                    continue
                keys = [(quote.hit.passage.article_id, quote.start, quote.end) for quote in event.quotes]
                for key, quote in zip(keys, event.quotes, strict=True):
                    cited.setdefault(key, self._citation(len(cited) + 1, with_answer(quote, draft.quotes)))
                own = [cited[key] for key in keys]
                sentences.append(Sentence(event.text, event.support, tuple(c.n for c in own), event.checked_by))
                comments = dict.fromkeys(attribution(c, quoted.language).removesuffix(":") for c in own if c.voice == "comment")
                said_by = f"{'; '.join(comments)}: " if comments else ""
                lines.append(f"{said_by}{literal(event.text)} {' '.join(f'[{c.n}]' for c in own)}")
                yield sentences[-1]
        except ModelError as error:
            failure = error
            if sentences:
                late = f"> {error.facts['seconds']} s" if "seconds" in error.facts else str(error)
                why = error.facts.get("why", late)
                failure = ModelError(
                    f"{model.name} stopped midway ({why}), the answer may lack its end", "model_midway", name=model.name, why=why
                )
        if not sentences:
            yield from quoted.sentences
            why = failure or (uncarried() if dropped else ModelError("the model found no answer in the passages", "model_nothing"))
            yield replace(quoted, dropped=tuple(dropped)).with_status(why)
            return
        if not failure and len(given) < len(every):
            told = f"the model got {len(given)} of {len(every)} passages: no more fit its budget"
            failure = ModelError(told, "model_spared", given=len(given), found=len(every))
        citations = tuple(cited.values())
        yield replace(
            quoted, engine="llm", short=short_of(citations[0]), text=" ".join(lines), sentences=tuple(sentences), citations=citations,
            dropped=tuple(dropped),
        ).with_status(failure)  # fmt: skip

    def _chosen(self, question: str, sought: str, language: str, hits: list[Hit], grounds: list[Hit], opinions: bool) -> "_Draft":
        """How sure the answer is, and its quotes: none where it isn't sure enough."""
        verdict = self.judge.verdict(sought, language, grounds, span=not opinions)
        if not hits or not verdict.answers:
            return _Draft(verdict.confidence)
        if opinions:
            told = choose_opinions(hits, grounds)
            return _Draft(verdict.confidence if told else 0.0, told)
        quotes, against = choose_quotes(question, language, hits, verdict.found)
        return _Draft(verdict.confidence, quotes, against, outdated=outdated(question, quotes))

    def _overview(self, topic: str, language: str, near: list[Hit]) -> "_Draft":
        """How surely the articles are about the topic, which retrieval has to say: there are no words that answer. What they tell of it."""
        hits = self.judge.ranked(topic, near)
        verdict = self.judge.verdict(topic, language, hits[:_HITS], span=False)
        about = verdict.answers and hits[0].named >= _ABOUT
        return _Draft(verdict.confidence, choose_overview(topic, hits) if about else ())

    def _parted(self, parts: list[str], language: str, filters: Filters, index: Index) -> "_Draft | None":
        """How sure the answers to the parts of a question are (the least sure counts), their quotes, and the parts without an answer.

        None where there is but one part, and where no part has an answer: then what answers the most of the whole is looked for.
        """
        if len(parts) == 1:
            return None
        chosen, least, missing = [], 1.0, []
        latest = any(map(asks_for_latest, parts))
        for number, part in enumerate(parts):
            sought = follow(part, parts[:1] if number else []).sought
            hits = self.judge.ranked(sought, index.search(sought, language, filters, _HITS))
            verdict = self.judge.verdict(sought, language, hits, most=_OF_A_PART)
            if not hits or not verdict.answers:
                missing.append(part)
                continue
            chosen.append(choose_quotes(part, language, hits, verdict.found, most=1, latest=latest)[0])
            least = min(least, verdict.confidence)
        return _Draft(least, together(chosen), missing=tuple(missing)) if chosen else None

    def _of_each(self, question: str, language: str, filters: Filters, index: Index, whole: "_Draft") -> "_Draft | None":
        """The answers to a question about two things for each of them; None where it isn't one, or the `whole` has both in a sentence.

        None too where one of them has no answer, or both have the same.
        """
        both = conjuncts_of(question)
        if len(both) == 1 or any(speaks_of(quote, both) for quote in whole.quotes):
            return None
        each = self._parted(both, language, filters, index)
        return each if each and not each.missing and len(each.quotes) == len(both) else None

    def _answered(self, answer: Answer, draft: "_Draft") -> Answer:
        language = answer.language
        groups = agreeing(draft.quotes)
        quotes = [quote for group in groups for quote in group]
        citations = tuple(
            replace(self._citation(n, quote), outdated=quote in draft.outdated) for n, quote in enumerate(quotes, 1)
        )
        against = tuple(c.n for c, quote in zip(citations, quotes, strict=True) if quote in draft.against)
        conflicts = (Conflict(answer.question, against),) if len(against) > 1 else ()
        cited, lines, sentences = iter(citations), [prompt("conflict", language)] if conflicts else [], []
        for group in groups:
            first, *others = (next(cited) for _ in group)
            numbers = (first.n, *(other.n for other in others))
            sentences.append(Sentence(" ".join(first.quote.split()), "verbatim", numbers))
            sources = "; ".join(dict.fromkeys(attribution(c, language).removesuffix(":") for c in (first, *others)))
            lines.append(f"{sources}: {marked(first)} {' '.join(f'[{n}]' for n in numbers)}")
        lines += [prompt("missing", language, part=literal(part)) for part in draft.missing]
        return replace(
            answer, abstained=False, short=short_of(citations[0]), text="\n\n".join(lines), sentences=tuple(sentences), citations=citations,
            conflicts=conflicts,
        )  # fmt: skip

    def _citation(self, n: int, quote: Quote) -> Citation:
        return citation_of(n, quote, self._data.texts)


@dataclass(frozen=True, slots=True)
class _Draft:
    """How sure an answer is (0 to 1), its quotes, which of them contradict each other or are outdated, and the question's open parts."""

    confidence: float
    quotes: Sequence[Quote] = ()
    against: Sequence[Quote] = ()
    missing: tuple[str, ...] = ()
    outdated: Sequence[Quote] = ()

    def of_at_most(self, most: int) -> "_Draft":
        """The quotes of the first `most` articles, and all that contradict each other: leaving one of these out would be untrue."""
        homes = list(dict.fromkeys(quote.hit.passage.article_id for quote in self.quotes))[:most]
        return replace(self, quotes=[q for q in self.quotes if q.hit.passage.article_id in homes or q in self.against])


def _of_the_time(index: Index, asked: str, search_for: str, language: str, filters: Filters, near: Sequence[Hit]) -> list[Hit]:
    """What was reported when an overview is asked for, if it has the topic's names as the best of all, `near`, has; else nothing."""
    then = time_asked(asked)
    days = then.days() if then and not (filters.since or filters.until) else None
    if not days:
        return []
    hits = index.search(search_for, language, replace(filters, since=days[0], until=days[1]), _OVERVIEW_HITS)
    return hits if hits and hits[0].named >= NAMED * near[0].named else []


def _answer_of(events: Iterable[Sentence | Answer]) -> Answer:
    """The answer that ends them."""
    return next(event for event in events if isinstance(event, Answer))


class Chat:
    """One conversation. Not to be shared between users."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._asked: list[str] = []
        self._told = ""  # the last answer, in short
        self._spoken = ""  # its language

    def ask(self, question: str, **filters: Unpack[Limited]) -> Answer:
        """Answer a question in the light of those before it; takes the filters of `Assistant.ask`, raises as it does."""
        return _answer_of(self.stream(question, **filters))

    def stream(self, question: str, **filters: Unpack[Limited]) -> Iterator[Sentence | Answer]:
        """As `ask`, the sentences of the answer as they become ready, then the whole answer."""
        question, began = checked(question), time.perf_counter()
        plain = without_greeting(question)
        followed = self._assistant._followed(plain, self._asked, self._told)
        spoken = self._spoken if followed.sought != plain else ""
        for event in self._assistant._events(question, followed, began, spoken, **filters):
            if isinstance(event, Answer) and not is_small_talk(question):
                self._asked.append(followed.sought[-LONGEST_QUESTION:])
                self._told, self._spoken = event.short or "", event.language
            yield event


def index_paths(
    paths: Iterable[str | Path] = (),
    data: str | Path | None = None,
    *,
    embedding: str | None = None,
    rebuild: bool = False,
    prune: bool = False,
    progress: Progress | None = None,
    waiting: Callable[[], None] | None = None,
    max_bytes: int | None = None,
    private: bool = False,
) -> Report:
    """Bring the index in folder `data` up to date with `paths`: files, folders, web pages, feeds (default: the shipped articles).

    Without paths, `rebuild` and `prune` are about what is indexed already. Pages in private networks are fetched only if `private`.
    """
    folder = DataFolder(data_folder(data))
    try:
        built_with = _model_of(folder)
        there = built_with is not None
    except StoreError:  # damaged, which doing it anew mends, from the paths that are given
        if not rebuild:
            raise
        built_with, there = None, True
    model = embedding or built_with or DEFAULT
    given = [str(path) for path in paths] or ([] if there and (rebuild or prune) else [str(seeds_folder())])
    addresses = [path for path in given if is_address(path)]
    files = [Path(path).expanduser() for path in given if not is_address(path)]
    limits = {} if max_bytes is None else {"max_bytes": max_bytes}
    return update(
        files, folder, lambda: load_encoder(model), model, rebuild=rebuild, prune=prune, progress=progress, waiting=waiting,
        addresses=addresses, private=private, **limits,
    )  # fmt: skip


def remove_articles(ids: Sequence[str], data: str | Path | None = None, *, waiting: Callable[[], None] | None = None) -> None:
    """Remove articles from the index by id; NoArticlesError names one that isn't there."""
    remove(ids, DataFolder(data_folder(data)), waiting)


def feedback(data: str | Path | None = None) -> Feedback:
    """What users said of answers, kept in folder `data`."""
    return Feedback(data_folder(data) / "feedback.sqlite")


def _model_of(folder: DataFolder) -> str | None:
    """The embedding that the index was built with, None where nothing is indexed yet."""
    return folder.with_catalog(lambda catalog: catalog.settings()[0].model)
