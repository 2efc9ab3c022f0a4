"""Who gets into the web app."""

import asyncio
import base64
from pathlib import Path
from typing import Any

import pytest

from assistant.accounts import Accounts, hashed
from assistant.errors import SettingError
from assistant.server import _guarded


def header(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Accounts:
    file = tmp_path_factory.mktemp("accounts") / "users"
    file.write_text(f"# who\n\nJörg:{hashed('geheim: ß')}\n", "utf-8")
    return Accounts.load(file)


def test_only_a_known_name_with_its_password_gets_in(accounts: Accounts) -> None:
    assert accounts.admits(header("Jörg", "geheim: ß"))
    assert accounts.admits(header("Jörg", "geheim: ß").replace("Basic", "basic"))
    strangers = [header("Jörg", "geheim"), header("Jana", "geheim: ß"), header("Jana", "")]
    for wrong in ("", "Basic", "Basic ÄÖ", "Basic !!!!", "Bearer x", *strangers):
        assert not accounts.admits(wrong)
    assert hashed("a") != hashed("a")


@pytest.mark.parametrize("text", ["", "# nobody", "jörg:geheim", "jörg:scrypt$zz$00", ":scrypt$00$00"])
def test_a_file_that_lets_nobody_in_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "users").write_text(text, "utf-8")
    with pytest.raises(SettingError, match="users"):
        Accounts.load(tmp_path / "users")
    with pytest.raises(SettingError, match="nowhere"):
        Accounts.load(tmp_path / "nowhere")


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_nothing_of_the_app_is_reached_without(accounts: Accounts, kind: str) -> None:
    reached, sent = [], []

    async def app(scope: Any, *_: Any) -> None:
        reached.append(scope["path"])

    async def send(message: Any) -> None:
        sent.append(message)

    guarded = _guarded(app, accounts)
    for given in ([], [(b"authorization", header("Jörg", "falsch").encode())]):
        asyncio.run(guarded({"type": kind, "path": "/ask", "headers": given}, None, send))
    assert not reached
    refusals = [message.get("status", message.get("code")) for message in sent if message["type"].endswith((".start", ".close"))]
    assert refusals == ([401, 401] if kind == "http" else [1008, 1008])
    asyncio.run(guarded({"type": kind, "path": "/ask", "headers": [(b"authorization", header("Jörg", "geheim: ß").encode())]}, None, send))
    assert reached == ["/ask"]
