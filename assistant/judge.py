"""How hits are weighed before an answer is made of them: reranked, read, and found to answer or not."""

import json
import statistics
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant.abstain import Rule, confidence, load_rule, rule_of
from assistant.errors import SettingError
from assistant.reader.model import AnyReader, Calibration, Reader
from assistant.windows import MOST, Found, cut_windows, read_windows
from index.types import Hit

CALIBRATION = "calibration.json"  # in the data folder, written by `belegt calibrate`
OFF = "off"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`confidence` (0 to 1) that the hits answer the question, whether that is enough, and what the reader found in them."""

    confidence: float
    answers: bool
    found: tuple[Found, ...] = ()


class Judge:
    """A reader and a reranker, or neither, with the rule that was calibrated for them. Loads both in the background."""

    def __init__(self, folder: Path, reader: str | None = None, reranker: str | None = None) -> None:
        self.reader = None if reader == OFF else reader or Reader.name
        self.reranker = None if reranker in (None, OFF) else reranker
        own = _calibration(folder, self.key)
        self._rule = _rule(folder, own, self.reader is not None) if own else load_rule(self.reader is not None)
        calibration = Calibration(own["slope"], own["bias"]) if own and "slope" in own else None
        self._pool = ThreadPoolExecutor(1, "reader")
        self._loaded: Future[tuple[AnyReader | None, Any]] = self._pool.submit(_load, self.reader, self.reranker, calibration)
        self._pool.shutdown(wait=False)

    @property
    def key(self) -> str:
        """What a calibration is kept under."""
        return f"{self.reader or OFF} + {self.reranker or OFF}"

    def calibrate(self, calibration: Calibration) -> None:
        """Take other probabilities from the reader from now on."""
        reader, reranker = self._loaded.result()
        self._loaded = Future()
        self._loaded.set_result((reader.calibrated(calibration) if reader else None, reranker))

    def answer_from(self, threshold: float) -> float:
        """Answer from this confidence on, and no longer from the one that is returned: 0 to see what would be answered."""
        before = self._rule.threshold
        self._rule = replace(self._rule, threshold=threshold)
        return before

    def ready(self) -> None:
        """Wait until both are loaded; ReaderError where one can't be."""
        self._loaded.result()

    def ranked(self, question: str, hits: list[Hit]) -> list[Hit]:
        """The hits in the reranker's order, best first, their `score` on the scale that it was on; as they are without one."""
        reranker = self._loaded.result()[1]
        if reranker is None or len(hits) < 2:
            return hits
        scores = reranker.scores(question, [hit.passage.text for hit in hits])
        mean, spread = statistics.fmean(scores), statistics.pstdev(scores) or 1.0
        middle, scale = statistics.fmean(hit.score for hit in hits), statistics.pstdev(hit.score for hit in hits)
        again = [replace(hit, score=middle + scale * (score - mean) / spread) for hit, score in zip(hits, scores, strict=True)]
        return sorted(again, key=lambda hit: (-hit.score, hit.passage.id))

    def read(self, question: str, hits: Sequence[Hit], most: int = MOST) -> tuple[Found, ...]:
        """The best windows of the hits, `most` at most, as the reader reads them; nothing without a reader."""
        reader = self._loaded.result()[0]
        return tuple(read_windows(reader, question, cut_windows(hits, most))) if reader and hits else ()

    def verdict(self, question: str, language: str, hits: Sequence[Hit], *, span: bool = True, most: int = MOST) -> Verdict:
        """Whether the hits answer, of which at most `most` windows are read. What readers think is no `span`: retrieval alone judges it."""
        found = self.read(question, hits, most) if span else ()
        rule: Rule = self._rule if span else load_rule(False)
        sure = confidence(hits, language, rule, found)
        return Verdict(sure, bool(hits) and sure >= rule.threshold, found)


def save_calibration(folder: Path, key: str, fields: dict[str, Any]) -> Path:
    """Keep what `belegt calibrate` fitted for a reader and reranker; where it lies."""
    file = folder / CALIBRATION
    known = _all(file)
    temporary = file.with_suffix(".new")
    temporary.write_text(json.dumps({**known, key: fields}, indent=1, ensure_ascii=False) + "\n", "utf-8")
    temporary.replace(file)
    return file


def _calibration(folder: Path, key: str) -> dict[str, Any] | None:
    found: dict[str, Any] | None = _all(folder / CALIBRATION).get(key)
    return found


def _rule(folder: Path, own: dict[str, Any], read: bool) -> Rule:
    try:
        return rule_of(own["rule"], read)
    except (KeyError, TypeError, ValueError) as error:  # of an earlier version, which looked at other things
        told = f"{folder / CALIBRATION}: its rule can't be used any more ({error}); delete the file, then run belegt calibrate again"
        raise SettingError(told) from error


def _all(file: Path) -> dict[str, Any]:
    if not file.is_file():
        return {}
    try:
        fields = json.loads(file.read_text("utf-8"))
        if not isinstance(fields, dict):
            raise ValueError("no object")
        return fields
    except (OSError, ValueError) as error:
        raise SettingError(f"{file}: can't be read as a calibration ({error}); delete it, then run belegt calibrate again") from error


def _load(reader: str | None, reranker: str | None, calibration: Calibration | None) -> tuple[AnyReader | None, Any]:
    loaded = None if reader is None else Reader.load(reader)
    if loaded is not None and calibration is not None:
        loaded = loaded.calibrated(calibration)
    if reranker is None:
        return loaded, None
    from assistant.reader.foreign import Reranker

    return loaded, Reranker(reranker)
