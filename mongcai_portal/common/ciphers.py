"""What is stored encrypted, and how it can be found all the same: AES-256-GCM, and a keyed digest to search by.

A key is 64 hexadecimal digits. There may be several, the newest first: that one encrypts, all of them decrypt, so a key
can be replaced while the portal runs. For every purpose keys of its own are derived (HKDF-SHA-256): what was encrypted
for one thing cannot be passed off as another.
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY = re.compile(r"[0-9a-f]{64}")
_NONCE = 12  # bytes, as NIST SP 800-38D asks; random, so one key is good for four thousand million texts


class Undecipherable(Exception):
    """No key that is known here opens it, or it is not what was stored."""


@dataclass(frozen=True, slots=True, repr=False)
class Hidden:
    """An encrypted text: the name of its key, the ciphertext, and the digest by which equal texts are found."""

    key: str
    text: str
    index: str


@dataclass(frozen=True, slots=True, repr=False)
class Sealed:
    """An encrypted file: the name of its key, and the ciphertext."""

    key: str
    content: bytes


class Keyring:
    """The keys of this portal, the newest first; nothing of them shows in a message."""

    def __init__(self, keys: Iterable[str]) -> None:
        self._keys = tuple(keys)
        if not self._keys or not all(KEY.fullmatch(key) for key in self._keys):
            raise ValueError("a key is 64 hexadecimal digits")
        self._by_name = {name_of(key): key for key in self._keys}

    @property
    def names(self) -> tuple[str, ...]:
        """What rows call the keys by, the newest first; the name tells nothing of the key."""
        return tuple(name_of(key) for key in self._keys)

    def hide(self, text: str, purpose: str) -> Hidden:
        """Encrypt a text under the newest key."""
        newest = self._keys[0]
        nonce = os.urandom(_NONCE)
        sealed = AESGCM(_derived(newest, "encrypt", purpose)).encrypt(nonce, text.encode(), purpose.encode())
        return Hidden(name_of(newest), urlsafe_b64encode(nonce + sealed).decode(), _digest(newest, text, purpose))

    def show(self, key: str, hidden: str, purpose: str) -> str:
        """Decrypt a text.

        Raises:
            Undecipherable: its key is not known here, it was altered, or it was encrypted for another purpose.
        """
        try:
            raw = urlsafe_b64decode(hidden)
            cipher = AESGCM(_derived(self._by_name[key], "encrypt", purpose))
            return cipher.decrypt(raw[:_NONCE], raw[_NONCE:], purpose.encode()).decode()
        except (KeyError, ValueError, InvalidTag):
            # `from None`: the message of the first would be enough, and the second may hold what was stored.
            raise Undecipherable(f"not readable under the keys of this portal: {key[:8]}") from None

    def seal(self, content: bytes, purpose: str) -> Sealed:
        """Encrypt a file under the newest key; nothing finds it by what is in it."""
        newest = self._keys[0]
        nonce = os.urandom(_NONCE)
        cipher = AESGCM(_derived(newest, "encrypt", purpose))
        return Sealed(name_of(newest), nonce + cipher.encrypt(nonce, content, purpose.encode()))

    def unseal(self, key: str, sealed: bytes, purpose: str) -> bytes:
        """Decrypt a file.

        Raises:
            Undecipherable: as for `show`.
        """
        try:
            cipher = AESGCM(_derived(self._by_name[key], "encrypt", purpose))
            return cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], purpose.encode())
        except (KeyError, ValueError, InvalidTag):
            raise Undecipherable(f"not readable under the keys of this portal: {key[:8]}") from None

    def indexes(self, text: str, purpose: str) -> tuple[str, ...]:
        """Return the digests by which a text is found: one for each key, since rows may still be under an older one."""
        return tuple(_digest(key, text, purpose) for key in self._keys)


def keyring() -> Keyring:
    """Return the keys of the settings, or of their file; the file is made once, where that is allowed.

    Behind HTTPS none is made: a key that is lost would quietly be followed by one that opens nothing of what is stored.

    Raises:
        ImproperlyConfigured: there is no key, or what is there is none.
    """
    return _keyring(settings.DATA_KEYS, settings.DATA_KEYS_FILE)


@lru_cache(maxsize=4)
def _keyring(given: tuple[str, ...], path: Path | None) -> Keyring:
    if path is not None and not path.exists():
        if not settings.DATA_KEYS_MADE:
            raise ImproperlyConfigured("PORTAL_DATA_KEYS is not set, and there is no file of keys.")
        write_new(path, [new_key()])
    try:
        return Keyring(given if path is None else read_keys(path))
    except ValueError as error:
        raise ImproperlyConfigured(f"PORTAL_DATA_KEYS: {error}") from None


def forget() -> None:
    """Read the keys anew at the next use."""
    _keyring.cache_clear()


def present() -> bool:
    """Whether there are keys, or may be made ones."""
    path = settings.DATA_KEYS_FILE
    return path is None or path.exists() or settings.DATA_KEYS_MADE


def stored_keys() -> str:
    """Return the keys as a backup holds them, one a line, the newest first; empty as long as none was needed."""
    path = settings.DATA_KEYS_FILE
    if path is None:
        return "\n".join(settings.DATA_KEYS)
    return "\n".join(read_keys(path)) if path.exists() else ""


def new_key() -> str:
    return secrets.token_hex(32)


def read_keys(path: Path) -> list[str]:
    return path.read_text(encoding="ascii").split()


def write_new(path: Path, keys: Iterable[str]) -> None:
    """Make the file, readable by its owner only; of two processes that do so at once the second keeps the first's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = _draft(path, keys)
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def replace(path: Path, keys: Iterable[str]) -> None:
    """Put other keys into the file, in one step."""
    _draft(path, keys).rename(path)


def _draft(path: Path, keys: Iterable[str]) -> Path:
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    draft.touch(mode=0o600)
    draft.write_text("".join(f"{key}\n" for key in keys), encoding="ascii")
    return draft


@cache
def name_of(key: str) -> str:
    """Return the name that rows call a key by: eight digits from which nobody finds the key."""
    return _derived(key, "name", "")[:4].hex()


@cache
def _derived(key: str, use: str, purpose: str) -> bytes:
    info = f"mongcai-portal {use} {purpose}".encode()
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(bytes.fromhex(key))


def _digest(key: str, text: str, purpose: str) -> str:
    return hmac.digest(_derived(key, "find", purpose), text.encode(), "sha256").hex()
