"""Scans of decisions: kept from the first step of entering a norm, so that nobody has to choose the file twice."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from communes.scope import scope_of
from indicators.models import NormDocument
from indicators.services.guard import require
from mongcai_portal.common.errors import Fault, Invalid
from mongcai_portal.common.files import discard
from mongcai_portal.common.uploads import check_upload

KINDS = ("pdf", "png", "jpeg", "webp")
MAX_BYTES = 20 * 1024 * 1024
# A scan that nobody entered a norm from is cleared with the next one that is sent.
UNUSED_AFTER = timedelta(days=1)


def keep_scan(*, by: Any, file: File[Any]) -> NormDocument:
    """Check a scan and keep it until its norm is entered; the same scan of the same person is kept once.

    Raises:
        Forbidden; Invalid: the file is not what its name says, too big, or no picture and no PDF.
    """
    require(scope_of(by), "norms.enter")
    try:
        checked = check_upload(file, kinds=KINDS, max_bytes=MAX_BYTES)
    except ValidationError as error:
        raise Invalid(Fault("/scan", str(one.code), one.messages[0]) for one in error.error_list) from error
    for left in NormDocument.objects.filter(entries=None, stored_at__lt=timezone.now() - UNUSED_AFTER):
        # Somebody may enter a norm from it, or clear it as well, at this moment: then it stays, or is gone.
        with suppress(ProtectedError, IntegrityError), transaction.atomic():
            discard(left)
    known = NormDocument.objects.filter(sha256=checked.sha256, stored_by_id=by.pk).first()
    if known is not None:
        return known
    document = NormDocument.of(file, checked, by=by, stored_by_id=by.pk)
    document.save()
    return document


def usable_document(*, by: Any, document_id: int | None) -> NormDocument | None:
    """Return a scan that a norm may be entered from: one already behind a norm, or one that this person sent."""
    if document_id is None:
        return None
    found = NormDocument.objects.filter(pk=document_id).first()
    if found is None or not (found.stored_by_id == by.pk or found.entries.exists()):
        return None
    return found
