"""Handing stored files out, and clearing away those that no row names any more."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from django.apps import apps
from django.core.files.base import File
from django.core.files.storage import Storage
from django.db import transaction
from django.db.models import FileField
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404
from django.utils import timezone

from mongcai_portal.common.jobs import Step
from mongcai_portal.common.models.files import StoredFile, files_storage

logger = logging.getLogger(__name__)

# What a browser shows by itself without running anything of the file.
SHOWN = frozenset({"application/pdf", "image/png", "image/jpeg", "image/webp"})
# Not every browser starts its PDF viewer inside a sandbox; such a file may load nothing and be framed by us alone.
_PDF_POLICY = "default-src 'none'; object-src 'self'; frame-ancestors 'self'"
_POLICY = "default-src 'none'; sandbox; frame-ancestors 'self'"
# A file is written before its row can be seen: younger ones may belong to a transaction that is still open.
UNUSED_AFTER = timedelta(days=1)
PORTION = 100


def serve_file(stored: StoredFile, *, inline: bool) -> FileResponse:
    """Return a stored file, to whoever the caller found entitled.

    Args:
        stored: the row; its name is given to the browser in any alphabet (RFC 5987).
        inline: shown by the browser where it can be (PDF, pictures), within a page of the portal; else downloaded.

    Raises:
        Http404: the row's file is not on disk.
    """
    shown = inline and stored.media_type in SHOWN
    response = FileResponse(
        _opened(stored, stored.file), as_attachment=not shown, filename=stored.name, content_type=stored.media_type
    )
    response["X-Frame-Options"] = "SAMEORIGIN" if shown else "DENY"
    return _guarded(response, _PDF_POLICY if shown and stored.media_type == "application/pdf" else _POLICY)


def serve_thumbnail(stored: StoredFile, thumbnail: FieldFile) -> FileResponse:
    """Return the small WebP picture that was made of a stored picture.

    Raises:
        Http404: there is none.
    """
    if not thumbnail:
        raise Http404
    return _guarded(FileResponse(_opened(stored, thumbnail), content_type="image/webp"), _POLICY)


def _opened(stored: StoredFile, field: FieldFile) -> File[bytes]:
    try:
        return field.open("rb")
    except FileNotFoundError as error:
        logger.error("file of %s %s is missing: %s", type(stored).__name__, stored.pk, field.name)
        raise Http404 from error


def _guarded(response: FileResponse, policy: str) -> FileResponse:
    """Nothing of it is kept by a shared computer, guessed at, run, or shown within another site."""
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Content-Security-Policy"] = policy
    return response


def discard(stored: StoredFile) -> None:
    """Delete a row, and its files once that is certain (after the commit)."""
    storage = stored.file.storage
    names = [name for field in _file_fields(type(stored)) if (name := getattr(stored, field).name)]
    stored.delete()
    for name in names:
        transaction.on_commit(partial(storage.delete, name), robust=True)


def remove_unused(step: Step | None = None) -> int:
    """Delete files older than a day that no row names (of broken transactions, of rows that went); return how many.

    `step` is called before each portion of files, and may stop the work.
    """
    storage = files_storage()
    before = timezone.now() - UNUSED_AFTER
    old = {name for name in _walk(storage, "") if storage.get_modified_time(name) < before}
    # The rows after the files: whatever was stored meanwhile is named.
    for model in apps.get_models():
        if issubclass(model, StoredFile):
            for field in _file_fields(model) if old else ():
                old -= set(model._default_manager.values_list(field, flat=True).iterator())
    for at, name in enumerate(sorted(old)):
        if step and at % PORTION == 0:
            step(at, len(old))
        storage.delete(name)
    return len(old)


def _file_fields(model: type[StoredFile]) -> list[str]:
    """The file itself, and what was made of it (a small picture)."""
    return [field.name for field in model._meta.get_fields() if isinstance(field, FileField)]


def _walk(storage: Storage, folder: str) -> Iterator[str]:
    if folder and not storage.exists(folder):
        return
    try:
        folders, names = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in names:
        yield f"{folder}/{name}" if folder else name
    for inner in folders:
        yield from _walk(storage, f"{folder}/{inner}" if folder else inner)
