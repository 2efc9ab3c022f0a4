"""Pages and feeds from a server of our own on this machine."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

import pytest

from assistant import Assistant
from assistant.engine import index_paths
from index.errors import ReadError
from index.web import Page, fetch, pages

ARTICLE = """<!doctype html><html lang="de"><head><meta charset="utf-8"><title>{title}</title></head><body><nav>Start Anmelden</nav>
<article><h1>{title}</h1><p>{text}</p><p>Der Hafenmeister erklärte am Dienstag vor dem Rathaus, dass die Arbeiten ohne größere
Störungen verlaufen seien und die Anwohner über jeden weiteren Abschnitt rechtzeitig unterrichtet würden.</p></article></body></html>"""
MOLE = ARTICLE.format(
    title="Die Mole ist fertig", text="Die neue Mole ist 312 Meter lang und hat 41 Millionen Euro gekostet, sagte die Bürgermeisterin."
)
TOR = ARTICLE.format(
    title="Schleusentor eingehängt", text="Das neue Schleusentor wiegt 84 Tonnen, teilte das Wasseramt in Nordhafen am Montag mit."
)
FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Küste</title><item><title>a</title><link>{root}/mole.html</link></item>
<item><title>b</title><link>{root}/weg</link></item><item><title>c</title><link>{root}/tor.html</link></item>
<item><title>d</title><link>file:///etc/passwd</link></item></channel></rss>"""


class Handler(BaseHTTPRequestHandler):
    pages: dict[str, tuple[str, bytes]] = {}  # noqa: RUF012

    def do_GET(self) -> None:
        if self.path.startswith("/weiter"):
            number = int(self.path.removeprefix("/weiter"))
            self.send_response(302)
            self.send_header("Location", f"/weiter{number - 1}" if number else "/mole.html")
            self.end_headers()
            return
        kind, content = self.pages.get(unquote(self.path), ("", b""))
        self.send_response(200 if content else 404)
        self.send_header("Content-Type", kind or "text/plain")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None: ...


@pytest.fixture
def root() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    address = f"http://127.0.0.1:{server.server_port}"
    Handler.pages = {
        "/mole.html": ("text/html; charset=utf-8", MOLE.encode()),
        "/tor.html": ("text/html; charset=iso-8859-1", TOR.replace("utf-8", "iso-8859-1").encode("iso-8859-1")),
        "/feed": ("application/rss+xml", FEED.format(root=address).encode()),
        "/straße/müll.html?q=größe 2": ("text/html; charset=utf-8", MOLE.encode()),
        "/leer": ("text/html", b"<html><body></body></html>"),
    }
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield address
    server.shutdown()
    server.server_close()


def test_private_addresses_are_refused_unless_allowed(root: str) -> None:
    for address in (f"{root}/mole.html", root.replace("127.0.0.1", "localhost")):
        with pytest.raises(ReadError, match="private address; allow it with --allow-private"):
            fetch(address)
    assert fetch(f"{root}/mole.html", private=True) == Page(f"{root}/mole.html", MOLE.encode())


def test_umlauts_and_blanks_in_an_address_are_encoded(root: str) -> None:
    encoded = f"{root}/stra%C3%9Fe/m%C3%BCll.html?q=gr%C3%B6%C3%9Fe%202"
    for address in (f"{root}/straße/müll.html?q=größe 2", encoded):
        assert fetch(address, private=True).address == encoded
    for address in ("http://[::1/", "http://127.0.0.1/\ud800"):
        with pytest.raises(ReadError, match="can't be read"):
            fetch(address, private=True)


def test_redirects_and_size_are_bounded(root: str) -> None:
    assert fetch(f"{root}/weiter3", private=True).address == f"{root}/mole.html"
    with pytest.raises(ReadError, match="302"):
        fetch(f"{root}/weiter9", private=True)
    with pytest.raises(ReadError, match="is more than 0 MB"):
        fetch(f"{root}/mole.html", private=True, max_bytes=100)
    with pytest.raises(ReadError, match="404"):
        fetch(f"{root}/fehlt", private=True)
    for address in ("file:///etc/passwd", "ftp://x.example/", "mole.html"):
        with pytest.raises(ReadError, match="is no web address"):
            fetch(address, private=True)


def test_a_feed_gives_its_pages_and_what_failed(root: str) -> None:
    found = list(pages(f"{root}/feed", private=True))
    assert [type(page).__name__ for page in found] == ["Page", "ReadError", "Page"]
    assert isinstance(found[2], Page)
    assert "größere\nStörungen" in found[2].content.decode()


def test_pages_are_indexed_once_and_cited_by_their_address(root: str, tmp_path: Path) -> None:
    report = index_paths([f"{root}/feed"], tmp_path / "data", private=True)
    assert report.added == ["mole", "tor"]
    assert len(report.failed) == 1
    assert index_paths([f"{root}/mole.html"], tmp_path / "data", private=True).unchanged == ["mole"]
    assistant = Assistant.open(tmp_path / "data")
    try:
        answer = assistant.ask("Wie viel wiegt das Schleusentor?")
        assert answer.short == "84 Tonnen"
        citation = answer.citations[0]
        assert (citation.source, citation.url, citation.edited) == (f"{root}/tor.html", f"{root}/tor.html", "")
        assert Path(citation.path).read_text("utf-8")[citation.start : citation.end] == citation.quote
        Handler.pages["/mole.html"] = ("text/html", MOLE.replace("312", "318").encode())
        assert index_paths([f"{root}/mole.html"], tmp_path / "data", private=True).changed == ["mole"]
        assert index_paths([], tmp_path / "data", prune=True).removed == []
        with pytest.raises(ReadError, match="no article text"):
            index_paths([f"{root}/leer"], tmp_path / "data", private=True)
        with pytest.raises(ReadError, match="private address"):
            assistant.add(addresses=[f"{root}/mole.html"])
    finally:
        assistant.close()
