"""Period reports: drafting one, filling in its letterhead, refreshing its figures, publishing and withdrawing it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from communes.models import Unit
from communes.scope import scope_of
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import record
from mongcai_portal.common.contents import KINDS
from mongcai_portal.common.errors import Fault, Forbidden, Invalid, Stale
from mongcai_portal.common.text import nfc
from mongcai_portal.common.uploads import CheckedUpload
from mongcai_portal.common.versions import digest
from programmes.models import PeriodReport, PublishedDocument, ReportTemplate
from programmes.reports import snapshot
from programmes.reports.ground import Ground
from programmes.reports.letterhead import Letterhead
from programmes.reports.snapshot import Snapshot
from programmes.services.document_files import document_of, file_name
from programmes.services.document_letterheads import clean, columns_of, completed, head_faults

EDIT = Permission.DOCUMENTS_EDIT
EARLIEST = date(2016, 1, 1)  # before the portal's first phase
LONGEST_YEARS = 15
BUILT_IN_TEMPLATE = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is to be of."""

    area: str
    since: date | None
    until: date | None


def draft(*, by: Any, asked: Asked, head: Letterhead | None = None) -> PeriodReport:
    """Begin a report with the figures of now; a draft of this area and period that stands already is returned as it is.

    Raises:
        Forbidden; Invalid: `/area` unknown_unit, `/since`, `/until` required, beyond_limits, not_over, days_in_order,
            too_long; faults of the letterhead as `save_letterhead`.
    """
    _may(by)
    faults, today = _period_faults(asked), timezone.localdate()
    if not faults:
        faults += _area_faults(by, asked)
    head = clean(head) if head else None
    if head is not None:
        faults += [fault for fault in head_faults(head) if fault.pointer != "/title" or head.title]
    if faults:
        raise Invalid(faults)
    assert asked.since is not None and asked.until is not None, "what is missing was named"
    unit = Unit.objects.get(uid=asked.area)
    known = PeriodReport.objects.filter(area=unit, since=asked.since, until=asked.until, status="draft")
    if (found := known.first()) is not None:
        return found
    figures = snapshot.take(Ground(asked.since, asked.until, asked.area, today))
    head = completed(head, figures, asked.since, asked.until)
    now = timezone.now()
    row = PeriodReport(
        area=unit,
        since=asked.since,
        until=asked.until,
        figures=figures,
        refreshed_at=now,
        template=ReportTemplate.objects.first(),
        created_by=str(by)[:200],
        created_at=now,
        **columns_of(head),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            _tell(row, Kind.DOCUMENT_DRAFTED, by)
    except IntegrityError:
        # Another window began it at this moment.
        return known.get()
    return row


def save_letterhead(*, by: Any, report_id: int, lock: int, head: Letterhead, template: int) -> PeriodReport:
    """Write what the office puts around the figures of a draft; the same again changes nothing.

    Args:
        lock: the count of writes that the writer has seen.
        template: number of the version of the template, 0 for the built-in one.

    Raises:
        PeriodReport.DoesNotExist; Forbidden; Stale: no draft, or another window wrote first; Invalid: `/title`,
        `/agency` required, `/…` too_long, `/template` unknown.
    """
    report = _draft(by, report_id)
    head = clean(head)
    faults = head_faults(head)
    version = None
    if template != BUILT_IN_TEMPLATE:
        version = ReportTemplate.objects.filter(number=template).first()
        if version is None:
            faults.append(Fault("/template", "invalid_choice", _("Không có phiên bản mẫu này.")))
    if faults:
        raise Invalid(faults)
    columns = columns_of(head)
    changed = [name for name, value in columns.items() if getattr(report, name) != value]
    if report.template_id != (version.pk if version else None):
        changed.append("template")
    if not changed:
        return report
    with transaction.atomic():
        _write(report, lock, template=version, **columns)
        _tell(report, Kind.DOCUMENT_CHANGED, by, fields=changed)
    return report


def refresh(*, by: Any, report_id: int, lock: int) -> PeriodReport:
    """Take the figures of a draft anew.

    Raises:
        PeriodReport.DoesNotExist; Forbidden; Stale: as `save_letterhead`; Invalid: `/area` the area ended meanwhile.
    """
    report = _draft(by, report_id)
    figures = _taken(report)
    moved = len(snapshot.moved(report.figures, figures))
    with transaction.atomic():
        _write(report, lock, figures=figures, refreshed_at=timezone.now())
        _tell(report, Kind.DOCUMENT_REFRESHED, by, moved=moved)
    return report


def publish(*, by: Any, report_id: int, lock: int, late_accepted: bool = False) -> PeriodReport:
    """Freeze the figures of a draft as they were looked at, and keep its Word file. Published already: nothing changes.

    Figures that are being computed anew, or whose computation failed, are published only by who says so: the document
    names them. A refusal alone would hold the office up for as long as a computation fails.

    Args:
        late_accepted: the publisher has seen that figures are older than they should be, and publishes them so.

    Raises:
        PeriodReport.DoesNotExist; Forbidden.
        Stale: another window wrote first; the report was withdrawn; or figures moved, became late or are no longer
            late since the draft was refreshed: nobody has seen what would be published.
        Invalid: `/late_accepted` required: figures are late; `/template` the template cannot be filled in.
    """
    _may(by)
    report = _found(by, report_id)
    if report.status == PeriodReport.Status.PUBLISHED:
        return report
    _require_draft(report)
    taken = _taken(report)
    moved = snapshot.moved(report.figures, taken)
    if moved:
        message = _("%(n)s con số đã thay đổi từ lần làm mới gần nhất: hãy làm mới, xem lại rồi phát hành.")
        raise Stale(message % {"n": len(moved)})
    late = snapshot.late_in(taken)
    if late != snapshot.late_in(report.figures):
        raise Stale(
            _("Con số nào đang được tính lại đã khác lần làm mới gần nhất: hãy làm mới, xem lại rồi phát hành.")
        )
    if late and not late_accepted:
        message = _("Số liệu đang được tính lại: %(names)s. Hãy chờ rồi làm mới, hoặc xác nhận phát hành với số cũ.")
        raise Invalid([Fault("/late_accepted", "required", message % {"names": "; ".join(late)})])
    now = timezone.now()
    content = document_of(report)
    name = f"{file_name(report)}.docx"
    checked = CheckedUpload(name, "docx", KINDS["docx"].media_type, len(content), _sha256(content))
    stored = PublishedDocument.of(ContentFile(content), checked, by=by, report=report)
    with _kept(stored), transaction.atomic():
        _write(report, lock, status="published", published_at=now, published_by=str(by)[:200])
        stored.save(force_insert=True)
        _tell(
            report, Kind.DOCUMENT_PUBLISHED, by, sha256=checked.sha256, size=checked.size,
            template=report.template.number if report.template else BUILT_IN_TEMPLATE,
            figures=len(snapshot.figures_of(report.figures)), late=len(late),
        )  # fmt: skip
    return report


def withdraw(*, by: Any, report_id: int, lock: int, reason: str) -> PeriodReport:
    """Take a published report back; its figures and file stay as they are. Withdrawn already: nothing changes.

    Raises:
        PeriodReport.DoesNotExist; Forbidden; Stale: a draft, or another window wrote first; Invalid: `/reason`
        required, too_long.
    """
    _may(by)
    report = _found(by, report_id)
    if report.status == PeriodReport.Status.WITHDRAWN:
        return report
    reason = " ".join(nfc(reason).split())
    if not reason:
        raise Invalid([Fault("/reason", "required", _("Ghi lý do thu hồi."))])
    if len(reason) > 2000:
        raise Invalid([Fault("/reason", "too_long", _("Lý do dài quá 2.000 ký tự."))])
    if report.status != PeriodReport.Status.PUBLISHED:
        raise Stale(_("Báo cáo chưa phát hành nên không có gì để thu hồi."))
    with transaction.atomic():
        _write(
            report, lock, status="withdrawn", withdrawn_at=timezone.now(), withdrawn_by=str(by)[:200],
            withdrawal_reason=reason,
        )  # fmt: skip
        _tell(report, Kind.DOCUMENT_WITHDRAWN, by, reason=reason)
    return report


def discard(*, by: Any, report_id: int, lock: int) -> None:
    """Delete a draft; one that is gone already is gone.

    Raises:
        Forbidden; Stale: published meanwhile, or another window wrote first.
    """
    _may(by)
    report = PeriodReport.objects.visible_to(scope_of(by)).select_related("area").filter(pk=report_id).first()
    if report is None:
        return
    _require_draft(report)
    with transaction.atomic():
        _tell(report, Kind.DOCUMENT_DISCARDED, by)
        if not PeriodReport.objects.filter(pk=report.pk, lock=lock, status="draft").delete()[0]:
            raise _other_window()


# --- Checks ---------------------------------------------------------------------------------------------------------


def _period_faults(asked: Asked) -> list[Fault]:
    faults = []
    today = timezone.localdate()
    for name, day, needed in (
        ("since", asked.since, _("Chọn ngày đầu kỳ.")),
        ("until", asked.until, _("Chọn ngày cuối kỳ.")),
    ):
        if day is None:
            faults.append(Fault(f"/{name}", "required", needed))
        elif day < EARLIEST:
            faults.append(Fault(f"/{name}", "beyond_limits", _("Ngày phải từ 01/01/2016 trở đi.")))
        elif day > today:
            faults.append(Fault(f"/{name}", "not_over", _("Kỳ báo cáo phải kết thúc không muộn hơn hôm nay.")))
    if faults or asked.since is None or asked.until is None:
        return faults
    if asked.until < asked.since:
        faults.append(Fault("/until", "days_in_order", _("Ngày cuối kỳ phải không trước ngày đầu kỳ.")))
    elif asked.until.year - asked.since.year >= LONGEST_YEARS:
        faults.append(Fault("/since", "too_long", _("Kỳ báo cáo dài quá 15 năm.")))
    return faults


def _area_faults(by: Any, asked: Asked) -> list[Fault]:
    scope = scope_of(by)
    unit = Unit.objects.on(asked.until).filter(uid=asked.area).first() if asked.until else None
    if unit is None or not scope.sees_unit(unit.pk):
        message = _("Không có địa bàn này vào ngày cuối kỳ.") if asked.area else _("Chọn địa bàn.")
        return [Fault("/area", "unknown_unit", message)]
    return []


# --- Doors ----------------------------------------------------------------------------------------------------------


def _may(by: Any) -> None:
    if EDIT not in scope_of(by).permissions:
        raise Forbidden(_("Tài khoản này không có quyền thực hiện thao tác đó."))


def _found(by: Any, report_id: int) -> PeriodReport:
    rows = PeriodReport.objects.visible_to(scope_of(by)).select_related("area", "template")
    return rows.get(pk=report_id)


def _draft(by: Any, report_id: int) -> PeriodReport:
    _may(by)
    report = _found(by, report_id)
    _require_draft(report)
    return report


def _require_draft(report: PeriodReport) -> None:
    if report.status != PeriodReport.Status.DRAFT:
        words = {"status": report.get_status_display()}
        raise Stale(_("Báo cáo %(status)s, không sửa được nữa. Chưa có gì thay đổi.") % words)


def _taken(report: PeriodReport) -> Snapshot:
    try:
        return snapshot.take(Ground(report.since, report.until, report.area.uid, timezone.localdate()))
    except Unit.DoesNotExist:
        message = _("Không có địa bàn này vào ngày cuối kỳ.")
        raise Invalid([Fault("/area", "unknown_unit", message)]) from None


def _write(report: PeriodReport, lock: int, **changes: Any) -> None:
    """Compare-and-swap on the count of writes."""
    rows = PeriodReport.objects.filter(pk=report.pk, lock=lock, status=report.status)
    if not rows.update(lock=F("lock") + 1, **changes):
        raise _other_window()
    for name, value in changes.items():
        setattr(report, name, value)
    report.lock = lock + 1


def _other_window() -> Stale:
    return Stale(_("Báo cáo đã được sửa ở cửa sổ khác. Chưa có gì thay đổi: hãy mở lại rồi làm tiếp."))


def _tell(report: PeriodReport, kind: Kind, by: Any, **details: Any) -> None:
    record(
        kind=kind, by=by, obj_type="period_report", obj_id=report.pk, label=report.title, unit_uid=report.area.uid,
        since=report.since.isoformat(), until=report.until.isoformat(), figures_digest=_digest(report), **details,
    )  # fmt: skip


def _digest(report: PeriodReport) -> str:
    """By which a snapshot is known again in the log."""
    return digest(json.dumps(report.figures, sort_keys=True, ensure_ascii=False).encode())


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@contextmanager
def _kept(row: PublishedDocument) -> Iterator[None]:
    """Write the file before the transaction, and take it away again when no row names it afterwards."""
    row.file.save(row.name, row.file.file, save=False)
    try:
        yield
    finally:
        if not PublishedDocument.objects.filter(file=row.file.name).exists():
            row.file.storage.delete(row.file.name)
