"""Photos of products: checked by their content, without what a camera wrote into the small ones."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.common.errors import Fault, Invalid
from mongcai_portal.common.files import discard
from mongcai_portal.common.uploads import CheckedUpload, check_upload
from programmes.models import OcopPhoto, OcopProduct
from programmes.services.ocop.guard import product_for, tell

KINDS = ("png", "jpeg", "webp")
THUMBNAIL = (480, 360)


def add_photos(*, by: Any, product_id: int, files: Sequence[File[Any]]) -> tuple[OcopPhoto, ...]:
    """Add photos to a product: all of them or, when one has a fault, none; one that it has already is left.

    Raises:
        OcopProduct.DoesNotExist, Forbidden; Invalid: nothing chosen, too many, or what `check_upload` says of each.
    """
    product = product_for(by=by, product_id=product_id, permission=Permission.OCOP_EDIT)
    checked = _checked(files)
    with transaction.atomic():
        # Writers of one product queue here: two windows may be sending the same photo.
        OcopProduct.objects.filter(pk=product.pk).update(lock=F("lock"))
        there = set(product.photos.values_list("sha256", flat=True))
        new = [(found, file) for found, file in checked if found.sha256 not in there]
        if len(there) + len(new) > settings.EVIDENCE_MAX_FILES:
            raise Invalid([_too_many()])
        rows = []
        for found, file in new:
            row = OcopPhoto.of(file, found, by=by, product=product)
            try:
                row.thumbnail = ContentFile(_small(file), name="thumbnail.webp")
            except (OSError, ValueError):
                pass  # a rare kind of picture: it is shown whole
            row.save(force_insert=True)
            rows.append(row)
        if rows:
            tell(product, kind=Kind.OCOP_PHOTO_ADDED, by=by, files=[_told(row) for row in rows])
    return tuple(rows)


def remove_photo(*, by: Any, product_id: int, photo_id: int) -> OcopPhoto | None:
    """Take a photo away; return it, or None when it was gone already.

    Raises:
        OcopProduct.DoesNotExist, Forbidden.
    """
    product = product_for(by=by, product_id=product_id, permission=Permission.OCOP_EDIT)
    with transaction.atomic():
        row: OcopPhoto | None = product.photos.filter(pk=photo_id).first()
        if row is None:
            return None
        discard(row)
        tell(product, kind=Kind.OCOP_PHOTO_REMOVED, by=by, files=[_told(row)])
    return row


def _told(row: OcopPhoto) -> dict[str, Any]:
    return {"name": row.name, "size": row.size, "sha256": row.sha256}


def _checked(files: Sequence[File[Any]]) -> list[tuple[CheckedUpload, File[Any]]]:
    """Return each different file with what it is; every fault of every file is named."""
    faults: list[Fault] = []
    good: dict[str, tuple[CheckedUpload, File[Any]]] = {}
    if not files:
        faults.append(Fault("/photos", "missing", _("Chưa chọn ảnh.")))
    for position, file in enumerate(files):
        try:
            found = check_upload(file, kinds=KINDS, max_bytes=settings.EVIDENCE_MAX_BYTES)
        except ValidationError as error:
            faults += [Fault(f"/photos/{position}", str(e.code), str(e.messages[0])) for e in error.error_list]
            continue
        good.setdefault(found.sha256, (found, file))
    if len(good) > settings.EVIDENCE_MAX_FILES:
        faults.append(_too_many())
    if faults:
        raise Invalid(faults)
    return list(good.values())


def _too_many() -> Fault:
    text = _("Mỗi sản phẩm có nhiều nhất %(limit)s ảnh.")
    return Fault("/photos", "too_many", text % {"limit": settings.EVIDENCE_MAX_FILES})


def _small(file: File[Any]) -> bytes:
    """Return a small upright WebP of a picture, without what a camera wrote into it (place, owner)."""
    file.seek(0)
    with Image.open(file) as image:
        image.draft("RGB", (THUMBNAIL[0] * 2, THUMBNAIL[1] * 2))  # of a large JPEG only as much as is needed
        image.thumbnail((max(THUMBNAIL) * 2, max(THUMBNAIL) * 2))  # first: turning copies the whole picture
        small = ImageOps.exif_transpose(image)
        small.thumbnail(THUMBNAIL)
        stream = BytesIO()
        small.convert("RGBA" if small.has_transparency_data else "RGB").save(stream, "WEBP", quality=72)
    file.seek(0)
    return stream.getvalue()
