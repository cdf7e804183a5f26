"""Versions: short names of a state, by which a writer tells which one it has seen."""

from __future__ import annotations

import hashlib


def version_of(*parts: object) -> str:
    """Return the version of what these parts describe: the same parts, the same version, in every process.

    Parts are texts, numbers, dates or None, whose `repr` is all of them.
    """
    return digest(repr(parts).encode())


def digest(content: bytes) -> str:
    """Return 24 hexadecimal digits that stand for these bytes; no secret, and no proof against forgers."""
    return hashlib.blake2b(content, digest_size=12).hexdigest()
