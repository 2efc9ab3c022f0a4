"""Serving the web app and the API: address, login, the headers that keep the page on this machine."""

import asyncio
import logging
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from assistant.accounts import Accounts
from assistant.api import build_api
from assistant.app import Asker, mount
from assistant.pace import Pace

# runs before anything of Gradio's, which adds to the head only later
_HEAD = Path(__file__).parent / "static" / "head.html"
PER_MINUTE = 60  # questions of one client
# the browser itself refuses whatever would leave the machine; Gradio compiles its templates, hence unsafe-eval
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'"
)


def serve(
    assistant: Asker,
    host: str = "127.0.0.1",
    port: int = 7860,
    ready: Callable[[str], None] | None = None,
    *,
    read_only: bool = False,
    accounts: Accounts | None = None,
    per_minute: int = PER_MINUTE,
    mcp: bool = False,
) -> None:
    """Serve the app and its API until interrupted; `ready` gets its address once it answers requests.

    Port 0 takes any free one. With `read_only` nobody can add or remove articles; with `accounts` only their users get anything at all.
    One client may ask `per_minute` questions, 0 for any number. With `mcp` the API's tools are at `/mcp` too.

    Raises OSError, naming host and port, where they can't be had, SettingError where a package for `mcp` is missing.
    """
    try:
        listener = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=128)
    except OSError as error:
        why = f"{host}:{port}: the web app can't listen there ({error.strerror or error}); take another --host or --port"
        raise OSError(why) from error
    with listener, suppress(KeyboardInterrupt):
        import uvicorn

        pace = Pace(per_minute)
        app = mount(build_api(assistant, pace, mcp=mcp, host=host), assistant, pace, read_only=read_only)
        guarded = _guarded(app, accounts, _HEAD.read_bytes())
        server = uvicorn.Server(uvicorn.Config(guarded, log_level="warning", timeout_graceful_shutdown=1))
        # a page that is still open when the server ends is no error
        logging.getLogger("uvicorn.error").addFilter(lambda _: not server.should_exit)
        if ready:
            name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
            url = f"http://{f'[{name}]' if ':' in name else name}:{listener.getsockname()[1]}/"
            threading.Thread(target=_tell_ready, args=(server, ready, url), daemon=True).start()
        server.run(sockets=[listener])


def _tell_ready(server: Any, ready: Callable[[str], None], url: str) -> None:
    while not server.started and not server.should_exit:
        threading.Event().wait(0.01)
    if server.started:
        ready(url)


def _guarded(app: Any, accounts: Accounts | None, head: bytes = b"") -> Any:
    """`app` for those who have an account, if there are any; its page with `head`, and headers that keep it from asking any other host."""
    headers = [(b"content-security-policy", _POLICY.encode()), (b"referrer-policy", b"no-referrer")]

    def sending(path: str, send: Any) -> Any:
        page: list[dict[str, Any]] = []  # the start of an HTML page, until its body is there

        async def changed(message: Any) -> None:
            if message["type"] == "http.response.start":
                given = list(message.get("headers", ()))  # one may stand there more than once, as set-cookie
                if path.startswith("/assets/"):  # their names change with their content
                    kept = [line for line in given if line[0] != b"cache-control"]
                    given = [*kept, (b"cache-control", b"max-age=31536000, immutable")]
                message = {**message, "headers": [*given, *headers]}
                if path == "/" and dict(given).get(b"content-type", b"").startswith(b"text/html"):
                    page.append(message)
                    return
            elif page:
                start, page[:] = page[0], []
                message = {**message, "body": message["body"].replace(b"<head>", b"<head>" + head, 1)}
                length = str(len(message["body"])).encode()
                lines = [(name, length if name == b"content-length" else value) for name, value in start["headers"]]
                await send({**start, "headers": lines})
            await send(message)

        return changed

    async def guarded(scope: Any, receive: Any, send: Any) -> None:
        if accounts and scope["type"] != "lifespan":
            given = dict(scope["headers"]).get(b"authorization", b"").decode("latin-1")
            # hashing takes a moment, and everybody else is to go on meanwhile
            if not await asyncio.to_thread(accounts.admits, given):
                if scope["type"] == "websocket":
                    await send({"type": "websocket.close", "code": 1008})
                    return
                ask = (b"www-authenticate", b'Basic realm="Belegt", charset="UTF-8"')
                await send({"type": "http.response.start", "status": 401, "headers": [ask, (b"content-type", b"text/plain")]})
                await send({"type": "http.response.body", "body": b"name and password, please"})
                return
        await app(scope, receive, sending(scope["path"], send) if scope["type"] == "http" else send)

    return guarded
