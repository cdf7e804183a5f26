"""Opening a round with its list of households, and taking requests into it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communes.models import (
    Classification,
    HouseholdReview,
    HouseholdStay,
    PovertyStandard,
    ReviewRound,
    RoundStandard,
    SurveyForm,
    Unit,
    UnitVersion,
    Village,
)
from communes.rules.places import area_type
from communes.rules.poverty.classify import NEAR_POOR, POOR
from communes.rules.poverty.standards import applied_by, counting_in
from communes.rules.poverty.types import StandardSpec
from communes.rules.reviews.procedure import KINDS, MONTHLY, YEARLY, window
from communes.scope import scope_of
from communes.selectors.poverty import areas_on, poverty_standards
from communes.selectors.reviews.rounds import average_standards, procedure_on, procedure_spec
from communes.services.reviews.files import Paper, checked_paper, store_paper
from communes.services.reviews.guard import actor, day_faults, hold, require_unit, round_for, tell, tell_review
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.common.errors import Fault, Invalid
from mongcai_portal.common.models import in_force_q
from mongcai_portal.common.templatetags.portal import date_vi
from mongcai_portal.common.workflow import EDITABLE

Reason = HouseholdReview.Reason
_POOR = (POOR, NEAR_POOR)


def open_round(
    *,
    by: Any,
    unit: Unit,
    kind: str,
    held_in: int,
    on: date | None,
    month: int | None = None,
    illustrative: bool = False,
) -> ReviewRound:
    """Open a review of a unit and list its households; the same again changes nothing.

    The yearly round (QĐ 24/2021, Điều 4) lists every household of the unit that is poor or near poor on the day, and
    classifies for the standards and years of `applied_by`. A monthly one (Điều 5) begins without households: it reviews
    those that ask for it, by the standards that count for its year.

    Args:
        held_in: the year in which it is held; `month` belongs to the monthly one.
        on: the day it is opened.

    Raises:
        Unit.DoesNotExist: outside the person's scope; Forbidden; Invalid: `/kind` unknown; `/month` required; `/on`
        required, in_future, outside_window; `/unit` not_there (on the day); `/held_in` no_procedure, no_standard,
        no_form, already_open. Every fault is named.
    """
    if by is not None and (seen := scope_of(by).units_with(Permission.HOUSEHOLDS_VIEW)) is not None:
        if unit.pk not in seen:
            raise Unit.DoesNotExist
    require_unit(by, unit.pk, Permission.HOUSEHOLDS_REVIEW)
    faults = day_faults(on, "on")
    if kind not in KINDS:
        faults.append(Fault("/kind", "unknown", _("Không có lựa chọn này.")))
    if kind == MONTHLY and (month is None or not 1 <= month <= 12):
        faults.append(Fault("/month", "required", _("Chọn tháng của đợt rà soát thường xuyên.")))
    if not 2000 <= held_in <= 2100:
        faults.append(Fault("/held_in", "beyond_limits", _("Năm không hợp lệ.")))
    if faults or on is None:
        raise Invalid(faults)
    month = month if kind == MONTHLY else None
    procedure = procedure_on(on)
    place = UnitVersion.objects.filter(in_force_q(on), unit=unit).first()
    if place is None:
        faults.append(Fault("/unit", "not_there", _("Đơn vị này không tồn tại vào ngày đó.")))
    if procedure is None:
        faults.append(Fault("/on", "no_procedure", _("Chưa nhập quy trình rà soát có hiệu lực vào ngày này.")))
    else:
        span = window(procedure_spec(procedure), kind, held_in, month)
        if not span.holds(on):
            told = {"first": date_vi(span.first), "last": date_vi(span.last)}
            message = _("Đợt này được mở từ %(first)s đến hết %(last)s.") % told
            faults.append(Fault("/on", "outside_window", message))
    applied = _applied(unit, kind, held_in, on)
    if not applied:
        message = _("Chưa có chuẩn nghèo nào áp dụng cho đợt rà soát năm %(year)s.") % {"year": held_in}
        faults.append(Fault("/held_in", "no_standard", message))
    form = _form_of([spec for spec, _year in applied], on)
    if applied and form is None:
        faults.append(Fault("/held_in", "no_form", _("Chưa nhập mẫu phiếu rà soát có hiệu lực vào ngày này.")))
    if faults or procedure is None or place is None or form is None:
        raise Invalid(faults)
    stored = ReviewRound.objects.filter(unit=unit, kind=kind, held_in=held_in, month=month).first()
    if stored is not None:
        if stored.opened_on == on:
            return stored
        raise Invalid([_open_already(stored)])
    try:
        with transaction.atomic():
            made = ReviewRound.objects.create(
                unit=unit,
                kind=kind,
                held_in=held_in,
                month=month,
                procedure=procedure,
                form=form,
                area_type=area_type(place.kind) or "",
                region=place.region,
                opened_on=on,
                opened_by=actor(by),
                opened_at=timezone.now(),
                illustrative=illustrative,
            )
            ids = dict(PovertyStandard.objects.values_list("code", "pk"))
            RoundStandard.objects.bulk_create(
                RoundStandard(round=made, standard_id=ids[spec.code], effective_year=year) for spec, year in applied
            )
            listed = _list_register(made, by) if kind == YEARLY else 0
            tell(made, kind=Kind.REVIEW_OPENED, by=by, on=on, households=listed)
    except IntegrityError:
        raise Invalid([_open_already(None)]) from None
    return made


def _open_already(stored: ReviewRound | None) -> Fault:
    if stored is None:
        return Fault("/held_in", "already_open", _("Đợt rà soát này đã được mở."))
    message = _("Đợt rà soát này đã được mở ngày %(day)s.") % {"day": date_vi(stored.opened_on)}
    return Fault("/held_in", "already_open", message)


def _applied(unit: Unit, kind: str, held_in: int, on: date) -> tuple[tuple[StandardSpec, int], ...]:
    areas = areas_on(on).get(unit.pk, frozenset())
    if kind == MONTHLY:
        return tuple((spec, held_in) for spec in counting_in(poverty_standards(), held_in, areas))
    return applied_by(poverty_standards(), held_in, areas)


def _form_of(standards: list[StandardSpec], on: date) -> SurveyForm | None:
    """Return the form of the standards, or, while theirs is not entered, the one in force on the day."""
    code = next((spec.form.code for spec in standards if spec.form is not None), None)
    if code is not None:
        return SurveyForm.objects.filter(code=code).first()
    found: SurveyForm | None = SurveyForm.objects.filter(in_force_q(on)).order_by("-valid_from").first()
    return found


def statuses_on(day: date, *, unit_id: int, household_ids: list[int] | None = None) -> dict[int, dict[str, str]]:
    """Return what households of a unit are on a day under the standards that count for its year, by code of standard.

    Without `household_ids`: those that are poor or near poor under one of them.
    """
    areas = areas_on(day).get(unit_id, frozenset())
    codes = [spec.code for spec in counting_in(poverty_standards(), day.year, areas)]
    rows = Classification.objects.of_standing(day).filter(standard__code__in=codes)
    if household_ids is None:
        villages = Village.objects.on(day).filter(unit_id=unit_id).values_list("pk", flat=True)
        living = HouseholdStay.objects.filter(in_force_q(day), village__in=list(villages))
        rows = rows.filter(household__in=living.values("household"))
    else:
        rows = rows.filter(household__in=household_ids)
    found: dict[int, dict[str, str]] = {}
    for household, code, status in rows.values_list("household_id", "standard__code", "status"):
        found.setdefault(household, {})[code] = status
    if household_ids is not None:
        return found
    return {one: by_code for one, by_code in found.items() if any(status in _POOR for status in by_code.values())}


def _list_register(round_: ReviewRound, by: Any) -> int:
    before = statuses_on(round_.opened_on, unit_id=round_.unit_id)
    stays = HouseholdStay.objects.filter(in_force_q(round_.opened_on), household__in=list(before))
    now, who = timezone.now(), actor(by)
    made = HouseholdReview.objects.bulk_create(
        (
            HouseholdReview(
                round=round_,
                household_id=household,
                village_id=village,
                reason=Reason.REGISTER,
                before=before[household],
                listed_by=who,
                listed_at=now,
            )
            for household, village in stays.order_by("household").values_list("household_id", "village_id")
        ),
        batch_size=1000,
    )
    return len(made)


def add_request(
    *,
    by: Any,
    round_id: int,
    household: str,
    reason: str,
    on: date | None,
    paper: File[Any] | None = None,
) -> HouseholdReview:
    """Take a household that asks for a review into a round; the same again changes nothing.

    Args:
        household: its code in the register.
        reason: `request_01` (to be recognised), `request_04` (as having left poverty or near poverty), `average` (as
            a farming household of average living standard; in monthly rounds).
        on: the day of the request.
        paper: the request, scanned or photographed.

    Raises:
        ReviewRound.DoesNotExist, Forbidden; Stale: the round takes no more households; Invalid: `/household` required,
        unknown (not in the register of the unit), already_listed; `/reason` unknown, not_poor (Mẫu 04 is for
        households that are poor or near poor), other_window (average living standard, in a yearly round),
        no_average_line (none of the round's standards knows it); `/on` required, in_future; `/paper` what is wrong
        with it.
    """
    round_ = round_for(by=by, round_id=round_id)
    faults = day_faults(on, "on")
    if reason not in (Reason.REQUEST_01, Reason.REQUEST_04, Reason.AVERAGE):
        faults.append(Fault("/reason", "unknown", _("Chọn mẫu giấy đề nghị.")))
    elif reason == Reason.AVERAGE:
        faults += _average_faults(round_)
    checked = checked_paper(paper, "paper", "", faults) if paper is not None else None
    # Where it lives on the day of the request: by the time that is written down, the commune may be another one.
    day = on or timezone.localdate()
    stay = _stay(round_, household.strip(), day)
    if not household.strip():
        faults.append(Fault("/household", "required", _("Ghi mã hộ.")))
    elif stay is None:
        message = _("Sổ hộ của xã không có hộ mã “%(code)s” đang sinh sống.") % {"code": household.strip()}
        faults.append(Fault("/household", "unknown", message))
    if faults or stay is None or on is None:
        raise Invalid(faults)
    before = statuses_on(day, unit_id=round_.unit_id, household_ids=[stay.household_id]).get(stay.household_id, {})
    if reason == Reason.REQUEST_04 and not any(status in _POOR for status in before.values()):
        message = _("Mẫu 04 dành cho hộ đang là hộ nghèo, cận nghèo; hộ này không thuộc danh sách đó.")
        raise Invalid([Fault("/reason", "not_poor", message)])
    with transaction.atomic():
        hold(round_, EDITABLE, _("Danh sách hộ đã chốt, không thêm hộ được."))
        listed = HouseholdReview.objects.filter(round=round_, household=stay.household_id).first()
        if listed is not None:
            if (listed.reason, listed.requested_on) == (reason, on):
                return listed
            raise Invalid([Fault("/household", "already_listed", _("Hộ này đã có trong danh sách của đợt."))])
        made = HouseholdReview.objects.create(
            round=round_,
            household_id=stay.household_id,
            village_id=stay.village_id,
            reason=reason,
            requested_on=on,
            before=before,
            listed_by=actor(by),
            listed_at=timezone.now(),
        )
        if paper is not None and checked is not None:
            store_paper(round_, Paper.REQUEST, paper, checked, by=by, review=made)
        tell_review(made, kind=Kind.REVIEW_REQUESTED, by=by, on=on, form=reason)
    return made


def _average_faults(round_: ReviewRound) -> list[Fault]:
    """Average living standard has a monthly window alone, and needs a standard that has a line for it."""
    if round_.kind != MONTHLY:
        message = _("Đề nghị xác định hộ có mức sống trung bình được xét ở đợt thường xuyên, không ở đợt định kỳ.")
        return [Fault("/reason", "other_window", message)]
    if not average_standards(round_):
        message = _("Chuẩn nghèo của đợt không có mức thu nhập của hộ có mức sống trung bình.")
        return [Fault("/reason", "no_average_line", message)]
    return []


def _stay(round_: ReviewRound, code: str, day: date) -> HouseholdStay | None:
    """Return where the household of a code lives on the day, if that is in the round's unit."""
    found = HouseholdStay.objects.filter(in_force_q(day), household__code=code).select_related("household").first()
    if found is None:
        return None
    there = Village.objects.on(day).filter(pk=found.village_id, unit_id=round_.unit_id).exists()
    return found if there else None
