"""The catalogue of visible texts: Vietnamese in the source, English in `locale/en`; done with Babel alone.

Django's own `makemessages` needs GNU gettext, which office machines do not have.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

SOURCES = ("mongcai_portal", "communes", "indicators", "programmes")
TEMPLATES = "templates"
PROJECT = "mongcai_portal"
_BORN = datetime(2026, 11, 23, tzinfo=UTC)  # a date that moves would make every run a change
_KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def collect(base: Path) -> Catalog:
    """Every text marked for translation in the Python files and templates under `base`."""
    catalog = Catalog(project=PROJECT, charset="utf-8")
    for path in _files(base):
        source = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            # What templatize leaves is Python's calls among X's; indentation would only confuse the tokenizer.
            source = "\n".join(line.lstrip() for line in templatize(source, origin=str(path)).split("\n"))
        found = extract("python", BytesIO(source.encode()), keywords=_KEYWORDS, comment_tags=("Translators:",))
        name = path.relative_to(base).as_posix()
        for line, message, comments, context in found:
            catalog.add(message, locations=[(name, line)], auto_comments=comments, context=context)
    return catalog


def read(path: Path, language: str) -> Catalog:
    """The catalogue stored at `path`, or an empty one."""
    if not path.exists():
        return Catalog(locale=language, project=PROJECT, charset="utf-8")
    with path.open("rb") as stream:
        return read_po(stream, locale=language)


def refresh(path: Path, language: str, found: Catalog) -> Catalog:
    """Bring the stored catalogue up to date with what was found; translations stay, unused ones are kept aside."""
    catalog = read(path, language)
    catalog.update(found, no_fuzzy_matching=True)
    catalog.creation_date = catalog.revision_date = _BORN
    catalog.fuzzy = False
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        write_po(stream, catalog, width=119, sort_by_file=True, include_lineno=False)
    return catalog


def compile_to(path: Path, language: str) -> None:
    """Write the `.mo` file beside a `.po` file."""
    with path.with_suffix(".mo").open("wb") as stream:
        write_mo(stream, read(path, language))


def faults(found: Catalog, stored: Catalog) -> list[str]:
    """Texts without a translation, doubtful ones, and translations whose placeholders differ from the source's."""
    answer = []
    for message in found:
        if not message.id:
            continue
        translation = stored.get(message.id, message.context)
        where = ", ".join(sorted({name for name, _line in message.locations}))
        if translation is None or not _complete(translation):
            answer.append(f"{where}: no translation of {message.id!r}")
        elif translation.fuzzy:
            answer.append(f"{where}: doubtful translation of {message.id!r}")
        else:
            answer.extend(f"{where}: {fault} in {message.id!r}" for fault in translation.check(stored))
    return answer


def _complete(message: Message) -> bool:
    texts = message.string if isinstance(message.string, list | tuple) else [message.string]
    return bool(texts) and all(texts)


def _files(base: Path) -> Iterator[Path]:
    for folder in SOURCES:
        for path in sorted((base / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path
    yield from sorted([*(base / TEMPLATES).rglob("*.html"), *(base / TEMPLATES).rglob("*.txt")])  # pages and mails
