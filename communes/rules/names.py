"""When two spellings are the same name: tone marks count, where they are set and how they are encoded does not."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from mongcai_portal.common.text import nfc

_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_WORD = re.compile(r"[^\W_]+")
# What stands before the name of a village, the longer ones first; the kinds of `VillageVersion` and their other words.
_PLACE = re.compile(r"^(tổ dân phố|khu dân cư|khu phố|thôn|bản|khu|xóm|ấp|tổ)\s+(?=\S)", re.IGNORECASE)


@lru_cache(maxsize=50_000)  # names are made of some thousand syllables
def _syllable(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word.casefold())
    tone = next((_TONES[sign] for sign in decomposed if sign in _TONES), "0")
    return unicodedata.normalize("NFC", "".join(sign for sign in decomposed if sign not in _TONES)) + tone


def name_key(name: str) -> str:
    """Return a key that the spellings of one name share: NFC and NFD, Hòa and Hoà, capitals and small letters.

    Hòa and Hóa, An and Ân are different names. Each syllable is written as its letters and the number of its tone.
    """
    return " ".join(_syllable(word) for word in _WORD.findall(nfc(name)))


def place_key(name: str) -> str:
    """Return the key of a village's name without the word for its kind: `Thôn 3`, `3` and `THÔN  3` are one."""
    return name_key(_PLACE.sub("", " ".join(nfc(name).split())))


def place_kind(name: str) -> str:
    """Return the key of the word for its kind that stands before a village's name; nothing where none does."""
    found = _PLACE.match(" ".join(nfc(name).split()))
    return name_key(found[1]) if found else ""
