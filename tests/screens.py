"""`make screens`: pictures of the web chat's states over the six invented events, into docs/screens/. To be looked at, not compared."""

import subprocess
import sys
import tempfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

from conftest import browser, chat_at
from PIL import Image
from test_assistant_written import Endpoint, numbered

from assistant import Assistant

ROOT = Path(__file__).parent.parent
OUT = ROOT / "docs" / "screens"
LASTING = "Wie lange saßen Deresch und Halvorn in Sankt Orlan zusammen?"
TRIPS = "Wie viele Fahrten sind am ersten Betriebstag der Batteriezüge im Welltal ausgefallen?"


def _ask(page: Any, question: str) -> None:
    turns = page.locator(".answer:not(.pending)").count()
    page.locator("#belegt-box textarea").fill(question)
    page.keyboard.press("Enter")
    page.wait_for_function(f"document.querySelectorAll('.answer:not(.pending)').length > {turns}")


def _conflict(page: Any) -> None:
    _ask(page, TRIPS)


def _abstention(page: Any) -> None:
    _ask(page, "Wie alt ist Corinna Haubold?")
    page.locator(".abstained").wait_for()


def _follow_up(page: Any) -> None:
    _ask(page, "Wer leitet den Netzbetreiber Harkennetz?")
    page.locator(".suggested").first.click()
    page.wait_for_function("document.querySelectorAll('.answer:not(.pending)').length > 1")


def _comments(page: Any) -> None:
    _ask(page, "Was meinen die Leser zur Bürgermeisterwahl?")


def _filters(page: Any) -> None:
    page.get_by_role("button", name="Filter").click()
    page.get_by_label("Ab (TT.MM.JJJJ)").fill("1.3.2026")
    page.get_by_label("Höchstens so viele Artikel").click()
    page.get_by_role("option", name="1", exact=True).click()
    _ask(page, "Wie hoch war die Wahlbeteiligung?")


def _scores(page: Any) -> None:
    _ask(page, LASTING)
    page.locator(".cite").first.focus()
    page.keyboard.press("Enter")
    page.get_by_text("Warum diese Stelle?").click()


def _adding(page: Any) -> None:
    page.get_by_role("button", name="Artikel hinzufügen").click()
    broken = {"name": "leer.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"}
    page.locator("#belegt-add input[type=file]").set_input_files([broken])
    page.get_by_label("oder Text einfügen").fill("Der Steg in Sankt Orlan wird im August erneuert. Das dauert sechs Wochen.")
    page.locator("#belegt-take").click()
    page.get_by_text("aufgenommen").wait_for()


def _evaluation(page: Any) -> None:
    page.get_by_role("button", name="Auswertung").click()
    page.get_by_text("recall@5").first.wait_for()


def _feedback(page: Any) -> None:
    _ask(page, LASTING)
    page.get_by_role("button", name="Nicht hilfreich").click()


def _written(page: Any) -> None:
    _ask(page, "Wie viele Fahrgäste befördert die Welltalbahn an Werktagen?")
    page.get_by_text("nicht belegt").click()


def _writes(prompt: str) -> str:
    """What a language model might: a sentence near its source, one in other words, one of its own making, which it can't mend."""
    if "<absatz" not in prompt or prompt.startswith("Der Satz"):
        return ""
    here = numbered(prompt, "31.000 Fahrgäste")
    told = ("Die Welltalbahn befördert an Werktagen rund 31.000 Fahrgäste", "Verantwortlich macht das Unternehmen die fehlerhafte Software")
    return " ".join(f"{sentence}. [{here}]" for sentence in (*told, "Die Welltalbahn hat deshalb 143 Lokführer entlassen"))


def _english(page: Any) -> None:
    _ask(page, "How many trips were cancelled on the first day of the battery trains?")


NARROW: dict[str, Any] = {"viewport": {"width": 390, "height": 844}}
STATES: dict[str, tuple[Callable[[Any], None] | None, dict[str, Any]]] = {
    "first-visit": (None, {}),
    "conflict": (_conflict, {}),
    "abstention": (_abstention, {}),
    "follow-up": (_follow_up, {}),
    "comments": (_comments, {}),
    "filters": (_filters, {}),
    "scores": (_scores, {}),
    "evaluation": (_evaluation, {}),
    "feedback": (_feedback, {}),
    "written": (_written, {}),
    "english": (_english, {"locale": "en-GB"}),
    "dark": (_conflict, {"color_scheme": "dark"}),
    "narrow": (_conflict, NARROW),
    "narrow-dark-abstention": (_abstention, {**NARROW, "color_scheme": "dark"}),
    "adding": (_adding, {}),
}


def main(*chosen: str) -> None:
    """Take them all, or those of the states named."""
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, browser() as chromium:
        Assistant.build([ROOT / "eval" / "corpora" / "news"], folder).close()
        subprocess.run([sys.executable, "-m", "assistant", "eval", "--only", "news", "--data", folder], check=True, capture_output=True)
        endpoint = Endpoint(_writes)
        with chat_at(Path(folder)) as quoting, chat_at(Path(folder), "--llm", endpoint.setting) as writing:
            for name in chosen or STATES:
                act, options = STATES[name]
                page = chromium.new_context(**{"viewport": {"width": 1280, "height": 860}, "locale": "de-DE", **options}).new_page()
                page.goto(writing if name == "written" else quoting)
                page.locator(".suggested").first.wait_for()
                if act:
                    act(page)
                page.wait_for_timeout(700)  # until nothing moves any more
                picture = Image.open(BytesIO(page.screenshot()))
                picture.quantize(128).save(OUT / f"{name}.png", optimize=True)  # a quarter of the size
                page.context.close()
        endpoint.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
