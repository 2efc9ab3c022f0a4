"""Pages and feeds from the web, only when asked for. The only place that opens a connection."""

import contextlib
import http.client
import ipaddress
import re
import socket
import ssl
import string
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from index.errors import ReadError

MAX_ENTRIES = 50  # of a feed, the first ones
_MAX_BYTES = 16 * 2**20
_TIMEOUT = 20  # seconds without a byte
_REDIRECTS = 5
_AGENT = "Mozilla/5.0 (compatible; Belegt)"
_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF)[\s>]")


@dataclass(frozen=True, slots=True)
class Page:
    """What an address gave: its content, as UTF-8 where the server said how it is encoded, and the address in the end."""

    address: str
    content: bytes


def is_address(text: str) -> bool:
    """Whether `text` is a web address rather than a path."""
    return re.match(r"https?://", text, re.IGNORECASE) is not None


def fetch(address: str, *, private: bool = False, max_bytes: int = _MAX_BYTES) -> Page:
    """What is at a web address, at most five redirects on.

    Raises ReadError for a private or loopback address unless `private`, for more than `max_bytes`, and where nothing comes.
    """
    if not is_address(address):
        raise ReadError("read_address", name=address)
    # no proxy: the address that is connected to is the one that is checked
    handlers = [urllib.request.ProxyHandler({}), _Checked(private), _Redirects()]
    opener = urllib.request.OpenerDirector()
    for handler in (*handlers, urllib.request.HTTPErrorProcessor(), urllib.request.HTTPDefaultErrorHandler()):
        opener.add_handler(handler)
    try:
        request = urllib.request.Request(
            _encoded(address), headers={"User-Agent": _AGENT, "Accept": "text/html, application/xhtml+xml, application/xml"}
        )
        with opener.open(request, timeout=_TIMEOUT) as response:
            content = response.read(max_bytes + 1)
            charset = response.headers.get_content_charset()
            final = response.url
    except urllib.error.HTTPError as error:
        error.close()
        raise ReadError("read_status", name=address, answered=f"{error.code} ({error.reason})") from error
    except urllib.error.URLError as error:
        raise ReadError("read_network", name=address, why=str(error.reason)) from error
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise ReadError("read_web", name=address, why=str(error)) from error
    if len(content) > max_bytes:
        raise ReadError("read_heavy", name=address, most=f"{max_bytes / 2**20:.0f} MB")
    if charset and charset.lower() not in ("utf-8", "utf8"):
        with contextlib.suppress(LookupError):  # an encoding that nobody knows: told from the bytes later
            content = content.decode(charset, "replace").encode("utf-8")
    return Page(final, content)


def _encoded(address: str) -> str:
    """The address as a request takes it: umlauts and blanks in path and query percent-encoded, what is encoded already as it is."""
    parts = urlsplit(address)
    path, query = (quote(part, safe=string.punctuation) for part in (parts.path, parts.query))
    return parts._replace(path=path, query=query).geturl()


def pages(address: str, *, private: bool = False) -> Iterator[Page | ReadError]:
    """The page at an address; where that is an RSS or Atom feed, the pages that it lists. What fails comes as its error."""
    try:
        page = fetch(address, private=private)
    except ReadError as error:
        yield error
        return
    if not _FEED.search(page.content[:2000]):
        yield page
        return
    links = _links(page)
    if not links:
        yield ReadError("read_feed", name=address)
    for link in links:
        try:
            yield fetch(link, private=private)
        except ReadError as error:
            yield error


def _links(page: Page) -> list[str]:
    import feedparser

    feed = feedparser.parse(page.content, response_headers={"content-location": page.address})
    links = (str(entry.get("link", "")) for entry in feed.entries[:MAX_ENTRIES])
    return list(dict.fromkeys(link for link in links if is_address(link)))


def _connect(private: bool) -> Any:
    def connect(*args: Any, **options: Any) -> socket.socket:
        connection = socket.create_connection(*args, **options)
        # the address that was connected to, whatever the name resolved to a moment ago
        there = ipaddress.ip_address(connection.getpeername()[0].split("%")[0])
        if not private and not there.is_global:
            connection.close()
            raise OSError(f"{there} is a private address; allow it with --allow-private")
        return connection

    return connect


class _Redirects(urllib.request.HTTPRedirectHandler):
    max_redirections = _REDIRECTS


class _Checked(urllib.request.HTTPSHandler):
    """http and https alike, through connections that `_connect` checked."""

    def __init__(self, private: bool) -> None:
        super().__init__()
        self._private = private

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._through(http.client.HTTPConnection), req)

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._through(http.client.HTTPSConnection), req, context=ssl.create_default_context())

    http_request = urllib.request.AbstractHTTPHandler.do_request_

    def _through(self, kind: type[http.client.HTTPConnection]) -> Any:
        def connection(host: str, **options: Any) -> http.client.HTTPConnection:
            opened = kind(host, **options)
            opened._create_connection = _connect(self._private)  # type: ignore[attr-defined]
            return opened

        return connection
