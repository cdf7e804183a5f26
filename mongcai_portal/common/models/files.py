"""Files on disk, each named by a row."""

from __future__ import annotations

from typing import Any, Self
from uuid import uuid4

from django.core.files.base import File
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.utils import timezone

from mongcai_portal.common.contents import KINDS
from mongcai_portal.common.uploads import CheckedUpload


def files_storage() -> Storage:
    """The folder of stored files, apart from everything that is served as it lies there."""
    return storages["files"]


def storage_name(stored: models.Model, filename: str) -> str:
    """A name on disk that nobody chose and that never comes twice; what people called the file stands in its row."""
    meta = stored._meta
    ending = next((k.extensions[0] for k in KINDS.values() if k.media_type == getattr(stored, "media_type", "")), "")
    return f"{meta.app_label}/{meta.model_name}/{timezone.localdate():%Y/%m}/{uuid4().hex}{ending}"


class StoredFile(models.Model):
    """A file that was checked by its content; `name` is the cleaned one of whoever sent it.

    A row that goes leaves its file to `files.remove_unused`; a transaction that fails does so, too.
    """

    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(storage=files_storage, upload_to=storage_name, max_length=200, unique=True)
    stored_by = models.CharField(max_length=200)
    stored_at = models.DateTimeField()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(media_type="") & ~Q(sha256="") & ~Q(file=""),
                name="%(app_label)s_%(class)s_named",
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="%(app_label)s_%(class)s_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def of(cls, file: File[Any], checked: CheckedUpload, *, by: Any, **fields: Any) -> Self:
        """Return a new row, still unsaved, for an upload that passed `check_upload`; saving it writes the file."""
        return cls(
            name=checked.name,
            media_type=checked.media_type,
            size=checked.size,
            sha256=checked.sha256,
            file=File(file, name=checked.name),
            stored_by=str(by)[:200],
            stored_at=timezone.now(),
            **fields,
        )
