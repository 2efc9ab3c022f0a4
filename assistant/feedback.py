"""What users say of answers, kept beside the index in SQLite with the whole answer, and given out as evaluation cases."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError
from assistant.types import Answer

_SCHEMA = """
CREATE TABLE IF NOT EXISTS feedback(
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, good INTEGER NOT NULL, reason TEXT NOT NULL, answer TEXT NOT NULL)
"""
LONGEST_REASON = 500


class FeedbackError(AssistantError):
    """Feedback can't be stored or read."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One judgement: when (UTC, ISO 8601), helpful or not, why, and the answer as `belegt ask --json` prints it."""

    id: int
    at: str
    good: bool
    reason: str
    answer: dict[str, Any]


class Feedback:
    """The feedback in one file; nothing leaves the machine. Every method raises FeedbackError where the file fails."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def add(self, answer: Answer, good: bool, reason: str = "") -> None:
        """Store a judgement."""
        row = (datetime.now(UTC).isoformat(timespec="seconds"), good, " ".join(reason.split())[:LONGEST_REASON], answer.to_json())
        try:
            with closing(sqlite3.connect(self._file, timeout=10)) as db, db:
                db.execute(_SCHEMA)
                db.execute("INSERT INTO feedback(at, good, reason, answer) VALUES (?, ?, ?, ?)", row)
        except sqlite3.Error as error:
            raise FeedbackError(f"{self._file}: the feedback can't be stored ({error}); check space and rights") from error

    def entries(self) -> list[Entry]:
        """All judgements, the oldest first."""
        if not self._file.exists():
            return []
        try:
            with closing(sqlite3.connect(self._file, timeout=10)) as db:
                rows = db.execute("SELECT id, at, good, reason, answer FROM feedback ORDER BY id").fetchall()
            return [Entry(number, at, bool(good), reason, json.loads(answer)) for number, at, good, reason, answer in rows]
        except (sqlite3.Error, ValueError) as error:
            raise FeedbackError(f"{self._file}: the feedback can't be read ({error}); move the file away to begin anew") from error


def cases(entries: list[Entry]) -> Iterator[dict[str, Any]]:
    """Judgements as drafts of evaluation cases, for a person to check before `belegt eval --dataset` takes them.

    A helpful answer is to hold the words it held, an unhelpful one must not hold them again; a helpful abstention says that there is no
    answer, an unhelpful one that there is.
    """
    for entry in entries:
        answer = entry.answer
        said = [answer["short"]] if answer["short"] else []
        case: dict[str, Any] = {
            "id": f"feedback-{entry.id}", "kind": "feedback", "question": answer["question"], "lang": answer["language"],
            "answerable": not (answer["abstained"] and entry.good), "note": entry.reason, "checked": False,
        }  # fmt: skip
        if not answer["abstained"] and entry.good:
            case |= {"need": [said] if said else [], "articles": list(dict.fromkeys(c["article_id"] for c in answer["citations"]))}
        elif not answer["abstained"]:
            case |= {"ban": said}
        yield case
