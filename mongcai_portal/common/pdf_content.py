"""What is wrong with a PDF that somebody sent: cut off, locked, too much of it, or acting by itself."""

from __future__ import annotations

import re

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from mongcai_portal.common.contents import ACTIVE, BOMB, DAMAGED, LOCKED, Stream

# Objects of a PDF; a scan has some three a page, a report of a hundred pages some thousands.
MAX_OBJECTS = 50_000

# What a PDF does by itself or at a click beyond turning to a page or opening an address.
_ACTIONS = frozenset(
    {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Rendition", "/RichMediaExecute", "/GoToE"}
)
_PARTS_THAT_ACT = frozenset({"/JS", "/JavaScript", "/EmbeddedFiles", "/XFA", "/RichMediaContent"})


def fault_of_pdf(stream: Stream) -> str:
    """Return what is wrong with a PDF as `contents.fault_of` does; what its reader raises means that it is damaged.

    The end mark and a page that can be reached are asked for: readers repair, but a cut-off scan must be named.
    """
    size = stream.seek(0, 2)
    stream.seek(max(0, size - 2048))
    tail = stream.read()
    found = re.findall(rb"startxref\s+(\d+)", tail)
    if b"%%EOF" not in tail or not found or int(found[-1]) >= size:
        return DAMAGED
    stream.seek(0)
    reader = PdfReader(stream, strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        return LOCKED
    pages = reader.root_object["/Pages"].get_object()
    first = pages["/Kids"][0].get_object()  # type: ignore[index]
    if int(pages["/Count"]) < 1 or first["/Type"] not in ("/Page", "/Pages"):  # type: ignore[index]
        return DAMAGED
    return _acting(reader)


def _acting(reader: PdfReader) -> str:
    """Ask every object whether it does something by itself: a paper needs no script, program or file within."""
    numbers = [(number, generation) for generation, table in reader.xref.items() for number in table]
    numbers += [(number, 0) for number in reader.xref_objStm]
    if len(numbers) > MAX_OBJECTS:
        return BOMB
    for number, generation in numbers:
        try:
            found = reader.get_object(IndirectObject(number, generation, reader))
        except Exception:  # an object that no reader can read does nothing either
            continue
        if _acts(found):
            return ACTIVE
    return ""


def _acts(found: object, depth: int = 0) -> bool:
    if depth > 20:
        return True  # nested deeper than any paper
    if isinstance(found, DictionaryObject):
        if found.get("/S") in _ACTIONS or not _PARTS_THAT_ACT.isdisjoint(found):
            return True
        return any(_acts(value, depth + 1) for value in found.values())
    return isinstance(found, ArrayObject) and any(_acts(value, depth + 1) for value in found)
