"""Who may use the web app: names and hashed passwords in a file, asked for by HTTP Basic authentication."""

import base64
import binascii
import hashlib
import hmac
import os
from pathlib import Path

from assistant.errors import SettingError

# OWASP's recommendation for scrypt: N = 2^17, r = 8, p = 1 (128 MiB)
_COST = {"n": 2**17, "r": 8, "p": 1, "maxmem": 2**28}


def hashed(password: str) -> str:
    """A password as the file holds it: scrypt, salt and hash in hexadecimal."""
    salt = os.urandom(16)
    return f"scrypt${salt.hex()}${_hash(password, salt).hex()}"


class Accounts:
    """Names and password hashes. Safe to use from several threads."""

    def __init__(self, hashes: dict[str, str]) -> None:
        self._hashes = hashes
        self._passed: set[bytes] = set()  # scrypt is slow by design, and a browser sends the password with every request
        self._key = os.urandom(32)
        self._decoy = hashed("")  # an unknown name takes as long as a wrong password

    @classmethod
    def load(cls, file: Path) -> "Accounts":
        """Read a file with a line `NAME:HASH` for each user, as `belegt password NAME` prints it; SettingError names a wrong line."""
        try:
            lines = file.read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingError(f"{file}: can't be read ({error}); make it with belegt password NAME >> {file}") from error
        hashes = {}
        for number, line in enumerate(lines, 1):
            if not line.strip() or line.startswith("#"):
                continue
            name, _, digest = line.strip().partition(":")
            parts = digest.split("$")
            if not name or len(parts) != 3 or parts[0] != "scrypt" or not all(_is_hex(part) for part in parts[1:]):
                raise SettingError(f"{file}, line {number}: is not NAME:HASH; make the line with belegt password NAME")
            hashes[name] = digest
        if not hashes:
            raise SettingError(f"{file}: holds no user; add one with belegt password NAME >> {file}")
        return cls(hashes)

    def admits(self, header: str) -> bool:
        """Whether an `Authorization` header carries a known name with its password."""
        kind, _, value = header.partition(" ")
        try:
            name, colon, password = base64.b64decode(value, validate=True).decode("utf-8").partition(":")
        except (binascii.Error, UnicodeDecodeError, ValueError):
            return False
        if kind.lower() != "basic" or not colon:
            return False
        seen = hmac.digest(self._key, value.encode(), "sha256")
        if seen in self._passed:
            return True
        _, salt, digest = self._hashes.get(name, self._decoy).split("$")
        right = hmac.compare_digest(_hash(password, bytes.fromhex(salt)), bytes.fromhex(digest)) and name in self._hashes
        if right:
            self._passed.add(seen)
        return right


def _hash(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode("utf-8"), salt=salt, **_COST)


def _is_hex(text: str) -> bool:
    try:
        return bool(bytes.fromhex(text))
    except ValueError:
        return False
