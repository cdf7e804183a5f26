"""Vietnamese text: one spelling to search, one key to sort, since SQLite folds and sorts neither."""

from __future__ import annotations

import re
import unicodedata

_ALPHABET = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
# Letters of foreign words are placed beside their neighbours in the Latin alphabet.
_FOREIGN = {"f": "ê~", "j": "i~", "w": "v~", "z": "y~"}
_TONES = {"": "0", "\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_PREFIX = re.compile(r"^(xã|phường|thị trấn|đặc khu|thành phố|tp\.?|tỉnh)\s+", re.IGNORECASE)


def nfc(text: str) -> str:
    """Compose: names arrive in NFC and NFD."""
    return unicodedata.normalize("NFC", text)


def search_key(text: str) -> str:
    """Return the text lower-cased, without tones or marks, `đ` as `d`, one blank between words.

    Both tone placements (Hòa, Hoà) and both normal forms give the same key.
    """
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(re.findall(r"[a-z0-9.]+", bare))


def bare_unit_name(name: str) -> str:
    """Drop a leading `Xã`, `Phường` … from a unit's name."""
    return _PREFIX.sub("", nfc(name).strip())


def sort_key(text: str) -> str:
    """Return a key whose plain order is the Vietnamese dictionary order: letters first (Đ after D), then tones."""
    letters: list[str] = []
    tones: list[str] = []
    for char in nfc(text).casefold():
        decomposed = unicodedata.normalize("NFD", char)
        tone = next((c for c in decomposed if c in _TONES), "")
        base = unicodedata.normalize("NFC", decomposed.replace(tone, "") if tone else decomposed)
        if base in _ALPHABET:
            letters.append(chr(ord("A") + _ALPHABET.index(base)))
            tones.append(_TONES[tone])
        elif base in _FOREIGN:
            letters.append(chr(ord("A") + _ALPHABET.index(_FOREIGN[base][0])) + "~")
        elif base.isdigit():
            letters.append(base)
        else:
            letters.append(" ")
    return "".join(letters) + " " + "".join(tones)
