"""A file → its articles. The only reader of source files."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from index.dates import DATE, find_date, parse_date
from index.documents import SUFFIXES as DOCUMENTS
from index.documents import read_document
from index.errors import ReadError
from index.language import detect_language
from index.types import Article, Stretch
from index.voices import (
    AGENCY,
    BYLINE,
    DATELINE,
    OUTLET,
    SOURCE,
    TITLE,
    author_in,
    beside_date,
    comment_words,
    is_name,
    outlet_in,
    plain,
    read_comment,
    segment,
)

TEXT, MARKDOWN, HTML = (".txt", ".text"), (".md", ".markdown"), (".html", ".htm")
JSON, JSON_LINES = (".json",), (".jsonl", ".ndjson")
SUFFIXES = TEXT + MARKDOWN + HTML + JSON + JSON_LINES + DOCUMENTS
MAX_BYTES = 64 * 2**20
READER_VERSION = 5  # raise when the same file would be read differently, so that an update reads it again


def read_articles(path: Path, *, max_bytes: int = MAX_BYTES) -> list[Article]:
    """The articles of one file, ids not yet unique among files; ReadError where it holds none.

    `Article.path` is set where the file itself is UTF-8 text with exactly the article's text (.txt and .md).
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise ReadError("read_kind", name=path, kinds=", ".join(SUFFIXES))
    try:
        size = path.stat().st_size
        if size > max_bytes:
            has, most = (f"{value / 2**20:.0f} MB" for value in (size, max_bytes))
            raise ReadError("read_size", name=path, has=has, most=most)
        data = path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error
    text, exact = (read_document(data, suffix, str(path)), False) if suffix in DOCUMENTS else decode(data, str(path))
    file_digest = hashlib.sha256(data).hexdigest()
    stem, source = slug(path.stem), str(path.resolve())
    if suffix in HTML:
        articles = [_from_html(text, stem, source)]
    elif suffix in JSON:
        articles = _from_json(text, stem, source)
    elif suffix in JSON_LINES:
        articles = _from_json_lines(text, stem, source)
    else:
        article = _from_text(text, stem, source, markdown=suffix in MARKDOWN + DOCUMENTS)
        articles = [replace(article, path=source if exact else "")]
    for article in articles:
        if not any(s.kind in ("article", "comment", "caption") for s in article.stretches):
            raise _without_reporting(path, article)
    return [replace(article, digest=digest_of(article), file_digest=file_digest) for article in articles]


def read_page(content: bytes, address: str) -> Article:
    """The article of a web page; its `source` is the address. ReadError where there is none."""
    text, _ = decode(content, address)
    name = address.split("?")[0].split("#")[0].rstrip("/").rpartition("/")[2].rpartition(".")
    article = _from_html(text, slug(name[0] or name[2]), address)
    if not any(s.kind in ("article", "comment", "caption") for s in article.stretches):
        raise _without_reporting(address, article)
    article = replace(article, url=article.url or address)
    return replace(article, digest=digest_of(article), file_digest=hashlib.sha256(content).hexdigest())


def read_text(text: str, name: str = "text") -> Article:
    """An article from pasted text; its `source` is empty."""
    if not any(char.isalnum() for char in text):
        raise ReadError("read_pasted", name=name)
    article = _from_text(text, slug(name), "", markdown=False)
    return replace(article, digest=digest_of(article))


def decode(data: bytes, name: str) -> tuple[str, bool]:
    """The text of `data`, and whether it is `data` read as UTF-8; ReadError where it is no text."""
    if not data.strip():
        raise ReadError("read_empty", name=name)
    exact = True
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        exact = False
        if not data.startswith((b"\xff\xfe", b"\xfe\xff")) and _mostly_utf8(data):
            broken = f"{error.start} (0x{data[error.start]:02x})"
            raise ReadError("read_byte", name=name, byte=broken) from error
        text = _detect(data, name)
    controls = sum(1 for char in text[:100_000] if unicodedata.category(char) == "Cc" and char not in "\t\n\r\f\v\x85")
    if controls > max(2, len(text[:100_000]) // 200):
        raise ReadError("read_binary", name=name)
    if not any(char.isalnum() for char in text):
        raise ReadError("read_no_text", name=name)
    return text, exact


def _mostly_utf8(data: bytes) -> bool:
    """Whether broken bytes are the exception among its characters beyond ASCII."""
    broken = data.decode("utf-8", "replace")
    bad = broken.count("\ufffd")
    return sum(1 for char in broken if ord(char) > 127) - bad > bad


def _detect(data: bytes, name: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise ReadError("read_encoding", name=name) from error
    if b"\x00" in data[:4096]:
        raise ReadError("read_binary", name=name)
    from charset_normalizer import from_bytes

    # common ones of Europe first: short texts fit several, and the library's own order would take a rarer one
    for codes in (["cp1252"], ["cp1250", "iso8859_2", "cp1251", "koi8_r", "mac_roman", "cp437", "cp850"], None):
        best = from_bytes(data[: 2**18], cp_isolation=codes, threshold=0.15 if codes else 0.2).best()
        if best is not None:
            try:
                return data.decode(best.encoding)
            except UnicodeDecodeError:
                continue
    raise ReadError("read_encoding", name=name)


def slug(name: str) -> str:
    """`name` as an id: lower-case ASCII letters, digits, - and _."""
    name = name.casefold().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9_]+", "-", ascii_name).strip("-") or "article"


def digest_of(article: Article) -> str:
    """SHA-256 over the text and what is known about it: two files with the same are one article."""
    fields = (article.text, article.title, article.outlet, article.author, str(article.published), article.url)
    return hashlib.sha256("\x1f".join(fields).encode("utf-8", "surrogatepass")).hexdigest()


def unreadable(path: Path, error: OSError) -> ReadError:
    """What to say where the system doesn't let a file be read."""
    return ReadError("read_system", name=path, why=error.strerror or str(error))


def _without_reporting(name: Path | str, article: Article) -> ReadError:
    dropped = ", ".join(sorted({s.why or s.kind for s in article.stretches})) or "blank space"
    return ReadError("read_reporting", name=name, dropped=dropped)


# a head of labelled lines, where the title may have one too
_LABELLED = re.compile(r"(?:Quelle|Source|Datum|Date|Stand|Autor(?:in|en)?|Author)n?\s*:", re.IGNORECASE)
_TITLE_LABEL = re.compile(r"^(?:Titel|Title|Überschrift|Schlagzeile|Headline)\s*:\s+", re.IGNORECASE)
_PUBLISHED = re.compile(
    rf"(?:veröffentlicht|erschienen|published|posted)\s*:?\s+(?:(?:am|on|den|\w+tag|Mittwoch|Sonnabend|\w+day),?\s+){{0,3}}"
    rf"(?P<date>{DATE.pattern})",
    re.IGNORECASE,
)


def _language(text: str, stretches: tuple[Stretch, ...]) -> str:
    reporting = " ".join(text[s.start : s.end] for s in stretches if s.kind == "article")
    return detect_language(reporting or text)


def _written(text: str, stretches: tuple[Stretch, ...], *why: str) -> list[str]:
    return [text[s.start : s.end] for s in stretches if s.kind == "noise" and s.why in why]


def _from_text(text: str, stem: str, source: str, *, markdown: bool) -> Article:
    front, begin = _front_matter(text, source) if markdown else (_Record.model_validate({"body": " "}), 0)
    stretches = segment(text, begin=begin, titled=bool(front.title), markdown=markdown)
    return _described(Article(id=stem, text=text, source=source, stretches=stretches), front)


def _described(article: Article, known: "_Record") -> Article:
    """`article` with the metadata in `known`, and else what its own lines say."""
    text, stretches = article.text, article.stretches
    title = " ".join(plain(next(iter(_written(text, stretches, TITLE)), "")).split())
    if any(_LABELLED.match(line) for line in _written(text, stretches, SOURCE, DATELINE, BYLINE)):
        title = _TITLE_LABEL.sub("", title)
    outlets = _written(text, stretches, OUTLET)
    outlet = outlet_in(outlets[0]) if outlets else ""
    for line in _written(text, stretches, SOURCE):
        outlet = outlet or re.sub(r"^https?://(?:www\.)?([^/\s]+)\S*", r"\1", line.split(":", 1)[1].split(",")[0].strip())
    bylines = [author_in(line) for line in (*_written(text, stretches, BYLINE), *(o for o in outlets if o != outlet))]
    dated = _written(text, stretches, DATELINE, "sign-off")
    # a date of publication before one of an update
    stated = [match["date"] for line in dated for match in _PUBLISHED.finditer(line)]
    published = next((day for day in map(find_date, (*stated, *dated)) if day), None)
    for line in dated:
        named, by = beside_date(line)
        outlet = outlet or named
        bylines.append(by)
    lead = next((text[s.start : s.end] for s in stretches if s.kind == "article"), "")
    agency = AGENCY.match(lead)
    outlet = outlet or (agency["agency"] if agency else "")
    # «Aus Achtal berichtet Jo Kern»
    author = known.author if is_name(known.author) else author_in(known.author) or known.author
    return replace(
        article,
        title=known.title or title,
        outlet=known.outlet or outlet,
        author=author or next((name for name in bylines if name), ""),
        published=known.published or published,
        url=known.url,
        language=known.language or _language(text, stretches),
    )


# -- front matter and JSON --------------------------------------------------------------------------------------------


def _one_line(value: Any) -> str:
    """Names as feeds and sites write them: a string, an object with a name, or a list of either."""
    if isinstance(value, dict):
        value = value.get("name") or value.get("title") or ""
    if isinstance(value, list | tuple):
        return ", ".join(filter(None, (_one_line(item) for item in value)))
    return " ".join(str(value).split()) if value is not None else ""


_LANGUAGE_NAMES = {
    "de": "deutsch german deu ger", "en": "englisch english eng", "fr": "französisch french français fra fre",
    "es": "spanisch spanish español spa", "it": "italienisch italian italiano ita", "pt": "portugiesisch portuguese português por",
    "pl": "polnisch polish polski pol",
}  # fmt: skip
_LANGUAGE_CODES = {name: code for code, names in _LANGUAGE_NAMES.items() for name in names.split()}


_MARKED_UP = re.compile(r"</(?:p|div|h\d|article|li|a|b|i|em|strong|span|blockquote)>|<br ?/?>", re.IGNORECASE)


_Line = Annotated[str, BeforeValidator(_one_line)]


class _Comment(BaseModel):
    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)
    author: _Line = Field("", validation_alias=AliasChoices("author", "name", "user", "by"))
    date: _Line = Field("", validation_alias=AliasChoices("date", "time", "published", "at", "created"))
    text: str = Field(validation_alias=AliasChoices("text", "body", "content", "comment"))

    @field_validator("text", mode="before")
    @classmethod
    def _words(cls, value: Any) -> Any:
        if value is None:
            return ""  # of what was deleted, the frame may stay
        return _html_text(value) if isinstance(value, str) and _MARKED_UP.search(value) else value


class _Record(BaseModel):
    """An article as an outside file describes it."""

    model_config = ConfigDict(extra="ignore")
    id: _Line = ""
    title: _Line = Field("", validation_alias=AliasChoices("title", "headline", "titel"))
    outlet: _Line = Field(
        "", validation_alias=AliasChoices("outlet", "publisher", "site", "sitename", "site_name", "source_name", "medium", "source")
    )
    author: _Line = Field("", validation_alias=AliasChoices("author", "authors", "byline", "creator", "autor"))
    published: date | None = Field(
        None,
        validation_alias=AliasChoices(
            "published", "date", "datePublished", "date_published", "published_at",
            "pub_date", "pubDate", "datum",
        ),
    )
    url: _Line = Field("", validation_alias=AliasChoices("url", "link", "canonical", "permalink"))
    language: str = Field("", validation_alias=AliasChoices("language", "lang", "inLanguage", "sprache"))
    body: str = Field(validation_alias=AliasChoices("body", "text", "content", "articleBody", "article_body"))
    captions: list[str] = Field(default_factory=list)
    comments: list[_Comment] = Field(default_factory=list)

    @field_validator("language", mode="before")
    @classmethod
    def _code(cls, value: Any) -> str:
        # what is neither a code nor a name we know says nothing: the text then shows its language
        first = re.match(r"[^\W\d_]*", _one_line(value).lower())
        word = first[0] if first else ""
        return _LANGUAGE_CODES.get(word, word if re.fullmatch(r"[a-z]{2}", word) else "")

    @field_validator("published", mode="before")
    @classmethod
    def _date(cls, value: Any) -> date | None:
        # an impossible or unclear date is no date: never guessed
        return find_date(str(value)) if value is not None else None

    @field_validator("captions", mode="before")
    @classmethod
    def _texts(cls, value: Any) -> list[str]:
        return [_one_line(v) for v in value] if isinstance(value, list) else [_one_line(value)]

    @field_validator("comments", mode="before")
    @classmethod
    def _remarks(cls, value: Any) -> Any:
        if not isinstance(value, list):
            return []
        return [{"text": item} if isinstance(item, str) else item for item in value if item is not None]


def _front_matter(text: str, source: str) -> tuple[_Record, int]:
    match = re.match(r"\ufeff?(---|\+\+\+)[ \t]*\r?\n(.*?)\r?\n\1[ \t]*(?:\r?\n|\Z)", text, re.DOTALL)
    if not match:
        return _Record.model_validate({"body": " "}), 0
    try:
        if match[1] == "---":
            import yaml

            fields = yaml.load(match[2], Loader=yaml.BaseLoader)  # strings only: a date stays as written
        else:
            import tomllib

            fields = tomllib.loads(match[2])
    except Exception as error:
        raise ReadError("read_front_matter", name=source, why=str(error).splitlines()[0]) from error
    if not isinstance(fields, dict):
        return _Record.model_validate({"body": " "}), match.end()
    return _record({**fields, "body": " "}, source), match.end()


def _record(fields: Any, where: str) -> _Record:
    if not isinstance(fields, dict):
        raise ReadError("read_object", name=where, held=type(fields).__name__)
    try:
        record = _Record.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise ReadError("read_field", name=where, field=field, why=first["msg"]) from error
    return record


def _from_record(fields: Any, stem: str, source: str, where: str) -> Article:
    record = _record(fields, where)
    body = record.body
    if _MARKED_UP.search(body):
        body = _html_text(body)
    if not any(char.isalnum() for char in body):
        raise ReadError("read_no_text", name=where)
    return _composed(record, body, stem, source)


def _composed(record: _Record, body: str, stem: str, source: str) -> Article:
    """An article whose parts are known: title, body, captions, comments, written one after the other."""
    text = f"{record.title}\n\n" if record.title and not body.lstrip().startswith(record.title) else ""
    stretches: list[Stretch] = []
    titled = bool(text)
    if titled:
        stretches.append(Stretch(0, len(record.title), "noise", why=TITLE))
    begin, text = len(text), text + body.strip()
    stretches += segment(text, begin=begin, titled=titled, markdown=re.search(r"^#{1,6} ", body, re.MULTILINE) is not None)
    for caption in filter(None, record.captions):
        stretches.append(Stretch(len(text) + 2, len(text) + 2 + len(caption), "caption"))
        text += f"\n\n{caption}"
    text = _with_comments(text, stretches, record.comments)
    article = Article(id=slug(record.id) if record.id else stem, text=text, source=source, stretches=tuple(stretches))
    return _described(article, record)


def _with_comments(text: str, stretches: list[Stretch], remarks: list[_Comment]) -> str:
    """`text` with the comments below it; their stretches join `stretches`."""
    for comment in remarks:
        remark = comment.text.strip()
        if remark:
            head = ", ".join(filter(None, (comment.author, comment.date)))
            begin = len(text) + 2 + (len(head) + 1 if head else 0)
            if head:
                stretches.append(Stretch(len(text) + 2, len(text) + 2 + len(head), "noise", why="comment header"))
            stretches.append(Stretch(begin, begin + len(remark), "comment", by=comment.author, at=comment.date))
            text += f"\n\n{head}\n{remark}" if head else f"\n\n{remark}"
    return text


def _loads(text: str, where: str) -> Any:
    try:
        fields = json.loads(text.lstrip("\ufeff"))
        json.dumps(fields, ensure_ascii=False).encode("utf-8")  # half a surrogate pair is no text that could be stored
        return fields
    except (ValueError, RecursionError) as error:
        raise ReadError("read_json", name=where, why=str(error)) from error


def _from_json(text: str, stem: str, source: str) -> list[Article]:
    fields = _loads(text, source)
    if isinstance(fields, dict) and isinstance(fields.get("articles"), list):
        fields = fields["articles"]
    if not isinstance(fields, list):
        return [_from_record(fields, stem, source, source)]
    if not fields:
        raise ReadError("read_empty", name=source)
    return [_from_record(item, f"{stem}-{n}", source, f"{source}, #{n}") for n, item in enumerate(fields, 1)]


def _from_json_lines(text: str, stem: str, source: str) -> list[Article]:
    lines = ((n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip("\ufeff \t\r"))
    return [_from_record(_loads(line, f"{source}, #{n}"), f"{stem}-{n}", source, f"{source}, #{n}") for n, line in lines]


# -- HTML -------------------------------------------------------------------------------------------------------------


_HIDDEN = "script", "style", "noscript", "template"


def _without_hidden(tree: Any) -> Any:
    """`tree` without what a page holds but doesn't show."""
    from lxml.etree import strip_elements

    strip_elements(tree, *_HIDDEN, with_tail=False)
    return tree


def _html_text(html: str) -> str:
    from lxml.html import fromstring

    tree = _without_hidden(fromstring(f"<div>{html}</div>"))
    for node in tree.iter("p", "div", "li", "br", "h1", "h2", "h3", "h4", "blockquote"):
        node.tail = "\n" + (node.tail or "")
    return re.sub(r"\n\s*\n\s*", "\n\n", "".join(tree.itertext())).strip()


def _clean(text: str) -> str:
    """Lines as HTML shows them: no runs of blanks, no blank lines in a row."""
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _captions(tree: Any) -> Iterator[str]:
    for node in tree.iter("figcaption"):
        caption = " ".join("".join(_without_hidden(node).itertext()).split())
        if caption:
            yield caption


# how pages mark one comment, what holds all of them, and who wrote one
_COMMENT = re.compile(
    r"(?:^|\s)(?:(?:(?:user|reader|leser)-?)?(?:comment|kommentar)|(?:comments?|kommentare?)[-_]+(?:item|entry|single|\d+))(?:\s|$)",
    re.IGNORECASE,
)
_COMMENTS = re.compile(
    r"(?:^|[\s_-])(?:leser)?(?:comments|kommentare|comment-?list|kommentarliste)"
    r"(?:[-_]*(?:area|list|section|thread|container|wrapper|content))?(?:\s|$)",
    re.IGNORECASE,
)
_AUTHOR = re.compile(r"(?:^|[\s_-])(?:author|autor|user(?:-?name)?|nick(?:name)?|fn)(?:\s|$)", re.IGNORECASE)
_BLOCKS = "p", "div", "li", "br", "header", "footer", "h2", "h3", "h4", "h5", "blockquote", "section", "article", "ul", "ol"


def _marks(node: Any, *attributes: str) -> str:
    return " ".join(str(node.get(name) or "") for name in attributes)


def _is_comment(node: Any) -> bool:
    if str(node.get("itemtype") or "").endswith("schema.org/Comment"):
        return True
    around = (n for n in node.iterancestors() if n.tag not in ("body", "html"))  # theirs say what sort of page it is
    return bool(_COMMENT.search(_marks(node, "class"))) and any(_COMMENTS.search(_marks(n, "class", "id")) for n in around)


def _length(node: Any) -> int:
    """How much a page shows of a node's text."""
    hidden = " or ".join(f"ancestor::{tag}" for tag in _HIDDEN)
    return sum(len(part.strip()) for part in node.xpath(f".//text()[not({hidden})]"))


def _take_comments(tree: Any) -> list[_Comment]:
    """The readers' comments that a page marks as such, in order; they are taken out of `tree`."""
    remarks = []
    nodes = [node for node in tree.iter("div", "li", "article", "section") if _is_comment(node)]
    most = _length(tree) / 2 if nodes else 0.0
    # replies stand inside what they reply to: out they go first
    for node in reversed(nodes):
        if node.getparent() is not None and node.find(".//h1") is None and _length(node) <= most:
            node.drop_tree()
            remarks.append(_comment_in(_without_hidden(node)))
    return [remark for remark in reversed(remarks) if remark.text]


def _comment_in(node: Any) -> _Comment:
    by, at, text = read_comment(_shown(node))
    author = next((part for part in node.iterdescendants() if _AUTHOR.search(_marks(part, "class", "itemprop"))), None)
    parts = author, next(node.iter("time"), None)
    named, dated = ("" if part is None else " ".join("".join(part.itertext()).split()) for part in parts)
    # a name that is marked goes before what only looks like one, as «Mein Fazit:»
    if not by or (named and by not in named):
        for part in parts:
            if part is not None and part.getparent() is not None:
                part.drop_tree()
        by, at, text = named, dated, comment_words(_shown(node))
    return _Comment(author=by, date=at, text=text)


def _shown(node: Any) -> str:
    """Lines as a page shows them, one for each block."""
    copy = deepcopy(node)
    copy.tail = None
    for block in copy.iter(*_BLOCKS):
        block.text = "\n" + (block.text or "")
        block.tail = "\n" + (block.tail or "")
    return _clean("".join(copy.itertext()))


def _site(page_title: str, title: str) -> str:
    """The site's name where a page's own title puts it after the article's, else an empty string."""
    title_first, *after = re.split(r"\s+[|–—·»-]\s+", " ".join(page_title.split()).removeprefix(title))
    return after[-1] if title and after and not title_first and len(after[-1].split()) <= 5 else ""


def _from_html(html: str, stem: str, source: str) -> Article:
    # declared encodings would be tried once more on what is text already
    html = re.sub(r"^\ufeff?\s*<\?xml[^>]*\?>", "", html)
    tree = _tree(html, source)
    article = _from_page(html, tree, [], stem, source)
    marked = _take_comments(tree)
    # the library may drop names and times, and comments of a single line
    if len({(s.by, s.at) for s in article.stretches if s.by}) < len(marked):
        article = _from_page(deepcopy(tree), tree, marked, stem, source)
    return article


@contextmanager
def _parsing(source: str) -> Iterator[None]:
    """Whatever the parsers raise becomes a ReadError."""
    from lxml.etree import LxmlError

    try:
        yield
    except (LxmlError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise ReadError("read_html", name=source, why=str(error)) from error


def _tree(html: str, source: str) -> Any:
    import trafilatura

    with _parsing(source):
        tree = trafilatura.load_html(html)
    if tree is None:
        raise ReadError("read_page", name=source)
    return tree


def _from_page(page: Any, tree: Any, marked: list[_Comment], stem: str, source: str) -> Article:
    """The article of a page, given as text or tree, with the comments `marked` that were taken out of it."""
    import trafilatura

    with _parsing(source):
        document = trafilatura.bare_extraction(
            page,
            with_metadata=True,
            include_comments=True,
            include_tables=True,
            deduplicate=False,
            date_extraction_params={"extensive_search": False, "original_date": True, "outputformat": "%Y-%m-%d"},
        )
    if document is None or not (document.text or "").strip():
        raise ReadError("read_page", name=source)
    title = " ".join((document.title or "").split())
    captions = list(dict.fromkeys(_captions(tree)))
    found = {
        "title": title, "outlet": document.sitename or _site(tree.findtext(".//title") or "", title),
        "author": (document.author or "").replace(";", ","), "published": document.date, "url": document.url,
        "language": document.language or tree.get("lang"), "body": " ",
    }  # fmt: skip
    record = _record(found, source)
    body = _clean(document.text)
    if title and body.startswith(title + "\n"):
        body = body[len(title) + 1 :]
    text = f"{title}\n\n{body}" if title else body
    begin = len(text) - len(body)
    for caption in captions:
        if caption not in body:
            text += f"\n\n{caption}"
    stretches = [Stretch(0, len(title), "noise", why=TITLE)] if title else []
    remarks = "" if marked else _clean(document.comments or "")
    comments_from = len(text) + 2 if remarks else None
    if remarks:
        text += f"\n\n{remarks}"
    segments = segment(text, begin=begin, comments_from=comments_from, titled=bool(title))
    caption_spans = {(at, at + len(c)) for c in captions if (at := text.find(c, begin)) >= 0}
    for stretch in segments:
        is_caption = (stretch.start, stretch.end) in caption_spans and stretch.kind in ("article", "comment", "heading", "noise")
        stretches.append(Stretch(stretch.start, stretch.end, "caption") if is_caption else stretch)
    text = _with_comments(text, stretches, marked)
    return _described(Article(id=stem, text=text, source=source, stretches=tuple(stretches)), record)


__all__ = [
    "MAX_BYTES", "READER_VERSION", "SUFFIXES", "decode", "digest_of", "parse_date", "read_articles", "read_page", "read_text", "slug",
]  # fmt: skip
