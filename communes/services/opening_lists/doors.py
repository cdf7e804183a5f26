"""Who may do what to a list, what is wrong with what it is sent with, and what is told of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from communes.models import OpeningListFile, PovertyStandard, Unit
from communes.rules.poverty.classify import NEAR_POOR, POOR
from communes.scope import scope_of
from communes.selectors.opening_lists import standard_years
from communes.selectors.poverty import areas_on
from communes.services.classification.decisions import OpeningList, document_faults
from communes.services.households.guard import may
from communes.services.reviews.guard import day_faults, plain
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.audit.services import record
from mongcai_portal.common.errors import Fault, Stale
from mongcai_portal.common.templatetags.portal import date_vi

DECIDE = Permission.HOUSEHOLDS_DECIDE
Status = OpeningListFile.Status
OPEN = (Status.FAULTY, Status.READY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a list is sent with, as it was typed from the decision.

    `unit` is None where the person has one only; `year` the year that the list counts for; `on` the day from which its
    households are so; `whole` the class of all of them, empty where a column of the file says it.
    """

    standard: str
    year: int | None
    on: date | None
    number: str
    decided_on: date | None
    decided_by: str
    unit: int | None = None
    whole: str = ""


def list_for(*, by: Any, list_id: int) -> OpeningListFile:
    """Return a list that the person may work on.

    Raises:
        OpeningListFile.DoesNotExist: of a unit that is not theirs.
        Forbidden: the person records no decisions anywhere.
    """
    may(by, DECIDE)
    rows = OpeningListFile.objects.visible_to(scope_of(by)).select_related("unit", "standard")
    found: OpeningListFile = rows.get(pk=list_id)
    return found


def opening_of(row: OpeningListFile, provenance: str) -> OpeningList:
    """Return a list as what classifies: the year of its round is what the standard says of its year, if anything."""
    year = row.standard.years.filter(effective_year=row.effective_year).first()
    return OpeningList(
        number=row.decision_number,
        on=row.on,
        standard=row.standard.code,
        effective_year=row.effective_year,
        round_held=year.round_held if year else None,
        decided_by=row.decided_by,
        provenance=provenance,
    )


def unit_of(by: Any, unit_id: int | None) -> tuple[Unit | None, list[Fault]]:
    """Return the unit of a list, which may be left out by whoever has one only."""
    units = scope_of(by).units_with(DECIDE)
    if unit_id is None and units is not None and len(units) == 1:
        unit_id = next(iter(units))
    if unit_id is None:
        return None, [Fault("/unit", "required", _("Chọn xã, phường của danh sách."))]
    unit = Unit.objects.filter(pk=unit_id).first()
    if unit is None or (units is not None and unit.pk not in units):
        return None, [Fault("/unit", "unknown", _("Không có đơn vị này trong phạm vi của tài khoản."))]
    return unit, []


def given_faults(given: Given, unit: Unit | None) -> tuple[PovertyStandard | None, list[Fault]]:
    """Return the standard that is meant, and everything that is wrong with what was typed."""
    faults = day_faults(given.decided_on, "decided_on")
    if given.on is None:
        faults.append(Fault("/on", "required", _("Ghi ngày danh sách có hiệu lực.")))
    if not plain(given.decided_by):
        faults.append(Fault("/decided_by", "required", _("Ghi người ký quyết định.")))
    faults += _document_faults(given)
    if given.whole not in ("", POOR, NEAR_POOR):
        faults.append(Fault("/whole", "unknown", _("Không có lựa chọn này.")))
    if not given.standard or given.year is None:
        return None, [*faults, Fault("/standard", "required", _("Chọn chuẩn nghèo và năm áp dụng."))]
    standard = PovertyStandard.objects.filter(code=given.standard).first()
    known = {(one.code, year) for one, year in standard_years(None)}
    if standard is None or (standard.code, given.year) not in known:
        return None, [*faults, Fault("/standard", "unknown", _("Chuẩn nghèo này không tính cho năm đó."))]
    if given.on is not None:
        faults += _on_faults(given.on, given, standard, unit)
    return standard, faults


def _document_faults(given: Given) -> list[Fault]:
    """What the register itself refuses of such a list, at the fields of its form."""
    document = OpeningList(
        number=plain(given.number),
        on=given.on or date.min,
        standard=given.standard,
        effective_year=given.year or 0,
        decided_by=plain(given.decided_by),
    )
    return [Fault(one.pointer.removeprefix("/decision"), one.code, one.message) for one in document_faults(document)]


def _on_faults(on: date, given: Given, standard: PovertyStandard, unit: Unit | None) -> list[Fault]:
    """A day to which the decision, the standard or its year has not come yet, and a standard that is for others."""
    faults = []
    if given.decided_on is not None and on < given.decided_on:
        message = _("Quyết định ngày %(day)s; danh sách không thể có hiệu lực sớm hơn.")
        faults.append(Fault("/on", "before_decision", message % {"day": date_vi(given.decided_on)}))
    if standard.issued_on is not None and on < standard.issued_on:
        message = _("Chuẩn nghèo này ban hành ngày %(day)s; danh sách không thể có hiệu lực sớm hơn.")
        faults.append(Fault("/on", "before_standard", message % {"day": date_vi(standard.issued_on)}))
    # The round of autumn classifies for the next year; what came of it later in that year is still of that year.
    if given.year is not None and not given.year - 1 <= on.year <= given.year:
        message = _("Danh sách tính cho năm %(year)s có hiệu lực trong năm đó hoặc năm liền trước.")
        faults.append(Fault("/on", "other_year", message % {"year": given.year}))
    if unit is not None and standard.area is not None:
        # A unit that came of others takes over the lists of its villages: before its first day today's areas are asked.
        areas = areas_on(on).get(unit.pk) or areas_on(timezone.localdate()).get(unit.pk, frozenset())
        if standard.area.uid not in areas:
            message = _("Chuẩn nghèo này của địa phương khác, không áp dụng cho xã, phường này.")
            faults.append(Fault("/standard", "other_area", message))
    return faults


def stale(list_id: int) -> Stale:
    status = OpeningListFile.objects.get(pk=list_id).get_status_display()
    return Stale(_("Danh sách này đã được xử lý ở cửa sổ khác; tình trạng hiện nay: %(status)s.") % {"status": status})


def tell(row: OpeningListFile, *, kind: str, by: Any, **details: Any) -> None:
    """Write the audit event of a list, in the caller's transaction; no household is named in it."""
    record(
        kind=kind,
        by=by,
        obj_type="opening_list",
        obj_id=row.pk,
        label=row.decision_number,
        unit_uid=row.unit.uid,
        standard=row.standard.code,
        on=row.on,
        number=row.decision_number,
        **details,
    )
