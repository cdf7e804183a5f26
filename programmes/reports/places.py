"""The parts of a Word file that a template writes into, and their paragraphs as an editor of the file sees them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from docxtpl import DocxTemplate
from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# As docxtpl chooses them.
_FOOTNOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_PROPERTIES = ("author", "comments", "identifier", "language", "subject", "title")
EXCERPT = 70


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the file: how it is called, and its XML (of a property: its text)."""

    name: str | Promise
    source: str
    xml: bool = True


def parts_of(template: DocxTemplate) -> Iterator[Part]:
    """Return every part that docxtpl fills in."""
    template.render_init()
    yield Part(gettext_lazy("thân văn bản"), template.get_xml())
    for uri, name in (
        (template.HEADER_URI, gettext_lazy("đầu trang")),
        (template.FOOTER_URI, gettext_lazy("chân trang")),
    ):
        for _key, part in template.get_headers_footers(uri):
            yield Part(name, template.get_part_xml(part))
    for part in template.docx.part.package.iter_parts():
        if part.content_type == _FOOTNOTES:
            yield Part(gettext_lazy("chú thích cuối trang"), template.get_part_xml(part))
    for name in _PROPERTIES:
        yield Part(
            gettext_lazy("thuộc tính của tệp"), str(getattr(template.docx.core_properties, name) or ""), xml=False
        )


def paragraphs(part: Part) -> list[str]:
    """Return the text of each paragraph of a part."""
    if not part.xml:
        return [part.source]
    root = etree.fromstring(part.source.encode(), etree.XMLParser(resolve_entities=False, huge_tree=False))
    return ["".join(text.text or "" for text in found.iter(f"{_W}t")) for found in root.iter(f"{_W}p")]


def excerpt(text: str) -> str:
    """Return so much of a paragraph as names it."""
    words = " ".join(re.sub(r"<[^>]+>", "", text).split())
    return words if len(words) <= EXCERPT else words[:EXCERPT].rstrip() + "…"


def place(part: Part, found: str, lines: list[str]) -> str:
    """Say where something stands: `thân văn bản, đoạn 12: “…”`."""
    at = next((at for at, text in enumerate(lines, start=1) if found and found in text), None)
    if at is None:
        return str(part.name)
    return _("%(part)s, đoạn %(n)s “%(text)s”") % {"part": part.name, "n": at, "text": excerpt(lines[at - 1])}
