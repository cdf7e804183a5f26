"""Attaching files to a reported value, and taking them away, while its cell can be typed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from indicators.models import Evidence, Report, Verdict
from indicators.selectors.definitions import ElementDef, definitions_for
from indicators.services.guard import report_for, require_own_unit, tell
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.common.errors import Fault, Invalid, Stale, step
from mongcai_portal.common.files import discard
from mongcai_portal.common.uploads import CheckedUpload, check_upload
from mongcai_portal.common.workflow import EDITABLE

KINDS = ("pdf", "png", "jpeg", "webp", "xlsx", "docx")
THUMBNAIL = (240, 180)
_PICTURES = ("png", "jpeg", "webp")


@dataclass(frozen=True, slots=True)
class Attached:
    """What stands after attaching: `added` are new rows, `known` the files that this value had already."""

    added: tuple[Evidence, ...]
    known: tuple[Evidence, ...]


def attach(*, by: Any, report_id: int, element: str, files: Sequence[File[Any]]) -> Attached:
    """Attach files to an element of a report: all of them or, when one has a fault, none.

    A file that this value has already (the same bytes) is left as it is, so sending again does no harm.

    Raises:
        Report.DoesNotExist, Forbidden: see `guard`.
        Stale: the report is no longer open for typing.
        Invalid: nothing chosen, an unknown element, too many files, or what `check_upload` says of each of them.
    """
    report, scope = report_for(by=by, report_id=report_id, permission="reports.edit")
    require_own_unit(report, scope)
    definition = _definition(report, element)
    checked = _checked(files)
    standing = _standing(report, definition)
    rows = [
        _row(file, found, report, definition, by)
        for found, file in checked.items()
        if found.sha256 not in standing or standing[found.sha256].until is not None
    ]
    with _written(rows), transaction.atomic():
        _hold_open(report)
        standing = _standing(report, definition)  # again: two windows may have sent the same file
        known = [row for row in standing.values() if row.until is None]
        back = [standing[row.sha256] for row in rows if row.sha256 in standing and standing[row.sha256].until]
        new = [row for row in rows if row.sha256 not in standing]
        _require_room(len(known) + len(back) + len(new))
        if back:
            # Taken away in this revision and put back: the row of the earlier revision simply goes on.
            Evidence.objects.filter(pk__in=[row.pk for row in back]).update(until=None)
        for row in new:
            row.save(force_insert=True)
        if new or back:
            _reopen_verdict(report, definition)
            _tell(report, Kind.EVIDENCE_ATTACHED, by, element, [*back, *new])
    sent = {found.sha256 for found in checked}
    return Attached((*back, *new), tuple(row for row in known if row.sha256 in sent))


def remove(*, by: Any, report_id: int, evidence_id: int) -> Evidence | None:
    """Take a file away from the present revision; return it, or None when it was gone already.

    A file that an earlier revision shows stays there; one that only this revision had is deleted.

    Raises:
        Report.DoesNotExist, Forbidden, Stale: as `attach`.
    """
    report, scope = report_for(by=by, report_id=report_id, permission="reports.edit")
    require_own_unit(report, scope)
    with transaction.atomic():
        _hold_open(report)
        row = Evidence.objects.filter(pk=evidence_id, report=report, until__isnull=True).select_related("element")
        found = row.first()
        if found is None:
            return None
        definition = _definition(report, found.element.code)
        if found.since < report.revision:
            Evidence.objects.filter(pk=found.pk).update(until=report.revision)
        else:
            discard(found)
        _reopen_verdict(report, definition)
        _tell(report, Kind.EVIDENCE_REMOVED, by, found.element.code, [found])
    return found


def _definition(report: Report, element: str) -> ElementDef:
    definition = definitions_for(report.period).element(element)
    if definition is None:
        message = _("Không có số liệu “%(code)s” trong báo cáo này.") % {"code": element}
        raise Invalid([Fault(step(element), "unknown_element", message)])
    return definition


def _checked(files: Sequence[File[Any]]) -> dict[CheckedUpload, File[Any]]:
    """Return each different file with what it is; every fault of every file is named."""
    faults: list[Fault] = []
    good: dict[CheckedUpload, File[Any]] = {}
    if not files:
        faults.append(Fault("/files", "missing", _("Chưa chọn tệp.")))
    for position, file in enumerate(files):
        try:
            found = check_upload(file, kinds=KINDS, max_bytes=settings.EVIDENCE_MAX_BYTES)
        except ValidationError as error:
            faults += [Fault(f"/files/{position}", str(e.code), str(e.messages[0])) for e in error.error_list]
            continue
        if all(found.sha256 != other.sha256 for other in good):
            good[found] = file
    if len(good) > settings.EVIDENCE_MAX_FILES:
        faults.append(_too_many(len(good)))
    if faults:
        raise Invalid(faults)
    return good


def _too_many(count: int) -> Fault:
    text = _("Mỗi số liệu có nhiều nhất %(limit)s tệp; với các tệp vừa gửi sẽ là %(count)s.")
    return Fault("/files", "too_many", text % {"limit": settings.EVIDENCE_MAX_FILES, "count": count})


def _require_room(count: int) -> None:
    if count > settings.EVIDENCE_MAX_FILES:
        raise Invalid([_too_many(count)])


def _standing(report: Report, definition: ElementDef) -> dict[str, Evidence]:
    """Return, by digest, the files of the value as it stands, and those taken away in this very revision."""
    rows = Evidence.objects.filter(report=report, element=definition.id).exclude(until__lt=report.revision)
    return {row.sha256: row for row in rows}


def _row(file: File[Any], found: CheckedUpload, report: Report, definition: ElementDef, by: Any) -> Evidence:
    row = Evidence.of(file, found, by=by, report=report, element_id=definition.id, since=report.revision)
    if found.kind in _PICTURES:
        try:
            row.thumbnail = ContentFile(_thumbnail(file), name="thumbnail.webp")
        except (OSError, ValueError):
            pass  # a rare kind of picture: it is shown whole, and named by a sign in lists
    return row


def _thumbnail(file: File[Any]) -> bytes:
    """Return a small upright WebP of a picture, without what a camera wrote into it (place, owner)."""
    file.seek(0)
    with Image.open(file) as image:
        image.draft("RGB", (THUMBNAIL[0] * 2, THUMBNAIL[1] * 2))  # of a large JPEG only as much as is needed
        image.thumbnail((max(THUMBNAIL) * 2, max(THUMBNAIL) * 2))  # first: turning copies the whole picture
        small = ImageOps.exif_transpose(image)
        small.thumbnail(THUMBNAIL)
        stream = BytesIO()
        small.convert("RGBA" if small.has_transparency_data else "RGB").save(stream, "WEBP", quality=70)
    file.seek(0)
    return stream.getvalue()


@contextmanager
def _written(rows: Sequence[Evidence]) -> Iterator[None]:
    """Write the files before the transaction, which would hold others up; those without a row at the end go again."""
    try:
        for row in rows:
            for field in (row.file, row.thumbnail):
                if field:
                    field.save(row.name, field.file, save=False)
        yield
    finally:
        # Looked up, not remembered: a row's transaction may have been rolled back after it was saved.
        kept = set(Evidence.objects.filter(file__in=[row.file.name for row in rows]).values_list("file", flat=True))
        for row in rows:
            for field in (row.file, row.thumbnail):
                if field and row.file.name not in kept and field.storage.exists(field.name):
                    field.storage.delete(field.name)


def _hold_open(report: Report) -> None:
    """Make writers of one report queue, and refuse one that was submitted meanwhile."""
    rows = Report.objects.filter(pk=report.pk, status__in=EDITABLE, revision=report.revision)
    if not rows.update(lock=F("lock")):
        raise Stale(_("Báo cáo đã được trình, không thêm hay bỏ minh chứng được. Chưa có gì thay đổi."))


def _reopen_verdict(report: Report, definition: ElementDef) -> None:
    """A verified element whose evidence changes must be looked at again."""
    Verdict.objects.filter(
        report=report, revision=report.revision, element=definition.id, state=Verdict.State.VERIFIED
    ).update(state=Verdict.State.OPEN, by="", at=None)


def _tell(report: Report, kind: Kind, by: Any, element: str, rows: Sequence[Evidence]) -> None:
    files = [{"name": row.name, "size": row.size, "sha256": row.sha256} for row in rows]
    tell(report, kind=kind, by=by, element=element, files=files)
