"""PDF, DOCX, EPUB and ODT files, made here as small as the formats allow."""

import zipfile
from pathlib import Path

import pytest

from assistant import Assistant
from index.articles import read_articles
from index.documents import _unwrapped
from index.errors import ReadError

TITLE, TEXT = "Neues Schleusentor", "Das neue Schleusentor der Hafenbehörde wiegt 84 Tonnen, teilte das Wasseramt am Dienstag mit."
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
KINDS = 'xmlns="http://schemas.openxmlformats.org/package/2006/content-types"'
RELATIONS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"


def docx(file: Path) -> None:
    bold = '<w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">Das neue Schleusentor</w:t></w:r>'
    rest = f'<w:r><w:t xml:space="preserve">{TEXT.removeprefix("Das neue Schleusentor")}</w:t></w:r>'
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types {KINDS}><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Override PartName="/word/document.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
        )
        relation = f'<Relationship Id="r1" Type="{OFFICE}" Target="word/document.xml"/>'
        archive.writestr("_rels/.rels", f"<Relationships {RELATIONS}>{relation}</Relationships>")
        title = f"<w:p><w:r><w:t>{TITLE}</w:t></w:r></w:p>"
        archive.writestr("word/document.xml", f"<w:document {WORD}><w:body>{title}<w:p>{bold}{rest}</w:p></w:body></w:document>")


def pdf(file: Path) -> None:
    lines = ["Das neue Schleusentor der Hafen-", "behörde wiegt 84 Tonnen, teilte", "das Wasseramt am Dienstag mit."]
    shown = f"BT /F 18 Tf 72 760 Td ({TITLE}) Tj ET BT /F 11 Tf 72 700 Td 14 TL " + " ".join(f"({line}) '" for line in lines) + " ET"
    stream = shown.encode("cp1252")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    content, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % len(content)
    file.write_bytes(content + b"xref\n0 6\n0000000000 65535 f \n" + table + end)


def epub(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        root = '<rootfile full-path="b.opf" media-type="application/oebps-package+xml"/>'
        container = 'xmlns="urn:oasis:names:tc:opendocument:xmlns:container"'
        archive.writestr("META-INF/container.xml", f'<container version="1.0" {container}><rootfiles>{root}</rootfiles></container>')
        archive.writestr(
            "b.opf",
            '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f'<dc:title>{TITLE}</dc:title></metadata><manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest>'
            '<spine><itemref idref="a"/></spine></package>',
        )
        archive.writestr("a.xhtml", f"<html><body><h1>{TITLE}</h1><p>{TEXT}</p></body></html>")


def odt(file: Path) -> None:
    from odfdo import Document, Header, Paragraph

    document = Document("text")
    document.body.clear()
    document.body.append(Header(1, TITLE))
    paragraph = Paragraph(TEXT)
    document.body.append(paragraph)
    paragraph.insert_note(after="Tonnen", note_id="n", citation="1", body="Ohne Beschläge.")
    paragraph.insert_annotation(after="Wasseramt", body="Stimmt das?", creator="Lektorat")
    document.save(str(file))


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize("make", [docx, pdf, epub, odt])
def test_a_document_is_read_and_cited(make, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    pytest.importorskip("markitdown")
    file = tmp_path / f"tor.{make.__name__}"
    make(file)
    assistant = Assistant.build([file], tmp_path / "data")
    try:
        answer = assistant.ask("Wie viel wiegt das Schleusentor?")
        assert answer.short == "84 Tonnen"
        citation = answer.citations[0]
        assert citation.quote == TEXT
        assert citation.source == str(file)
        assert citation.path != str(file)
        assert Path(citation.path).read_text("utf-8")[citation.start : citation.end] == TEXT
    finally:
        assistant.close()


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize("suffix", ["pdf", "docx", "epub", "odt"])
def test_a_broken_document_is_named(suffix: str, tmp_path: Path) -> None:
    file = tmp_path / f"kaputt.{suffix}"
    file.write_bytes(b"not a document at all")
    with pytest.raises(ReadError, match=rf"kaputt\.{suffix}: "):
        read_articles(file)


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        ("die Hafen-\nbehörde", "die Hafenbehörde"),
        ("ein Wund-\nund Brandmal", "ein Wund- und Brandmal"),
        ("der Fracht-\n  und Personenverkehr", "der Fracht- und Personenverkehr"),
        ("Fuß-, Rad\u2010\noder Bahnverkehr", "Fuß-, Rad\u2010 oder Bahnverkehr"),
        ("zwei-\nbis dreimal", "zwei- bis dreimal"),
        ("an-\nbisweilen", "anbisweilen"),
        ("Fracht\u00ad\nund", "Frachtund"),
    ],
)
def test_a_hyphen_that_stands_for_a_word_stays(lines: str, text: str) -> None:
    assert _unwrapped(lines) == text + "\n"
