"""`belegt chat` as a user starts it, with the real assistant, in a browser."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import chat_at

from assistant import Assistant

ARTICLE = """Neue Seilbahn am Krähenstein geht in Betrieb

Talbote, 12. Juni 2025, 8:00 Uhr

Die Talstation kurz vor der Eröffnung. (Foto: Ilka Brandt)

Die neue Seilbahn am Krähenstein ist am Donnerstag in Betrieb gegangen. Sie befördert nach Angaben des Betreibers 1.400 Menschen in der
Stunde.

Der Bau hat 23 Millionen Euro gekostet und zwei Jahre gedauert. Die alte Sesselbahn von 1974 wird abgebaut.

Newsletter abonnieren

Kommentare (2)

Bergfex
12. Juni 2025 um 9:14
Viel zu teuer, das zahlen doch wieder wir alle mit der Kurtaxe.
Antworten

Talwanderin
12. Juni 2025 um 10:02
Endlich muss man nicht mehr so lange anstehen wie im letzten Sommer.
Antworten
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("chat")
    text = "Museum zeigt Muscheln\n\nDas Museum von Brockdorf zeigt Muscheln. Die Leiterin Ute Harms freut sich auf viele Gäste."
    (data / "museum.txt").write_text(text, "utf-8")
    Assistant.build([data / "museum.txt"], data / "index").close()
    return data


@pytest.fixture(scope="module")
def chat(folder: Path) -> Iterator[str]:
    with chat_at(folder / "index") as url:
        yield url


def asked(chat: str, question: str) -> dict[str, Any]:
    request = urllib.request.Request(f"{chat}ask", json.dumps({"question": question}).encode(), {"content-type": "application/json"})
    with urllib.request.urlopen(request) as response:
        found: dict[str, Any] = json.load(response)
        return found


@pytest.mark.slow
def test_an_uploaded_article_answers_and_leaves_again(chromium: Any, chat: str, folder: Path) -> None:
    upload = folder / "seilbahn.txt"
    upload.write_text(ARTICLE, "utf-8")
    page = chromium.new_context(locale="de-DE").new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{message.type} {message.text}"))
    page.on("request", lambda request: said.append(f"request {request.url}"))
    page.set_default_timeout(20_000)
    page.goto(chat)
    page.wait_for_selector("#belegt-article .source")
    page.get_by_role("button", name="Artikel hinzufügen").click()
    page.locator("#belegt-add input[type=file]").set_input_files(upload)
    page.wait_for_selector("#belegt-add :text('seilbahn')")
    page.locator("#belegt-take").click()
    page.wait_for_function("document.getElementById('belegt-taken').innerText.includes('1 aufgenommen')")

    question = "Was hat die Seilbahn gekostet?"
    page.locator("#belegt-box textarea").fill(question)
    page.keyboard.press("Enter")
    page.wait_for_selector(".answer:not(.pending)")
    answer = asked(chat, question)
    assert answer["short"] == "23 Millionen Euro"
    for number, citation in enumerate(answer["citations"]):
        page.locator(f".cite[data-key='0.{number}']").first.click()
        page.wait_for_selector(f".pane[data-key='0.{number}']")
        marks = "".join(page.locator(f"mark[data-n~='{citation['n']}']").all_text_contents())
        assert "".join(marks.split()) == "".join(citation["quote"].split())
        assert Path(citation["path"]).read_text("utf-8")[citation["start"] : citation["end"]] == citation["quote"]
    assert page.locator("#belegt-article details.comments summary").inner_text() == "Leserkommentare (2)"

    page.get_by_role("button", name="Hilfreich", exact=True).click()
    page.wait_for_function("document.getElementById('belegt-status').innerText.includes('gespeichert')")
    command = [sys.executable, "-m", "assistant", "feedback", "--data", str(folder / "index")]
    assert question in subprocess.run(command, capture_output=True, text=True, check=True).stdout

    page.get_by_role("button", name="Alle Artikel").click()
    page.locator("#belegt-article .source", has_text="Seilbahn").click()
    page.locator("[data-remove]").click()
    page.wait_for_function("document.querySelectorAll('#belegt-article .source').length === 1")
    assert asked(chat, question)["abstained"]
    assert not [line for line in said if line.startswith(("error", "pageerror"))]
    assert [line for line in said if line.startswith("request ") and not line.startswith((f"request {chat}", "request data:"))] == []
