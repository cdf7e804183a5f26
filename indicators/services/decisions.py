"""Decisions as their recorder types them from the paper: recorded whole, put right by a successor, or annulled."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communes.models import Unit
from communes.scope import scope_of
from indicators.models import ConditionState, Recognition, RecognitionBasis, RecognitionScan
from indicators.selectors.register import Figures, figures_on, has_paper, record_seen
from indicators.services.guard import require
from indicators.services.recognition import checked_scan, keep, once, still_stands, tell, unit_fault
from indicators.services.recognition_checks import Act, Ground, act_faults, act_of_record, ground_for, resting_on
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.common.errors import Fault, Invalid, Stale
from mongcai_portal.common.models import Provenance
from mongcai_portal.common.templatetags.portal import date_vi, localname
from mongcai_portal.common.uploads import CheckedUpload

# The conditions of QĐ 18/2022/QĐ-TTg besides the criteria themselves.
CONDITIONS = ("satisfaction", "no_debt", "security")


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision as its recorder types it from the paper; `conditions` are those of QĐ 18/2022/QĐ-TTg."""

    unit: Unit | None = None
    level: str = ""
    decision_number: str = ""
    decided_on: date | None = None
    signer: str = ""
    expires_on: date | None = None
    provenance: str = Provenance.SOURCED
    source: str = ""
    note: str = ""
    satisfaction: str = ""
    no_debt: str = ""
    security: str = ""
    difference_reason: str = ""


def record_decision(*, by: Any, decision: Decision, scan: File[Any] | None) -> Recognition:
    """Record a decision from its paper, with its conditions and what the figures say of the unit on that day.

    A decision that the figures or a condition speak against is recorded all the same, with the reason: recognition
    is the province's act, and that it differs is news.

    Raises:
        Forbidden; Invalid: every fault of `decision_faults`.
    """
    require(scope_of(by), "recognitions.issue")
    faults, checked, figures = _checked(by, decision, scan)
    if faults or decision.unit is None or checked is None or figures is None:
        raise Invalid(faults)
    with once():
        return _store(by, decision, figures, scan, checked)


def decision_faults(*, by: Any, decision: Decision, scan: File[Any] | None, replaces: int | None = None) -> list[Fault]:
    """Return every fault of a decision without storing anything.

    Those of `act_faults`; `/unit`, `/level`, `/decision_number`, `/decided_on` and `/scan` missing; a scan that is
    not a PDF or picture; conditions not answered; a difference without a reason; no or an unknown provenance;
    of one that puts another right: a higher level that would lose what it rests on.
    """
    old = None if replaces is None else record_seen(scope_of(by), replaces)
    return _checked(by, decision, scan, replaces=old)[0]


def annul(*, by: Any, recognition_id: int, reason: str) -> Recognition:
    """Annul a record that should never have been made; it stays readable and counts nowhere, on no date.

    Raises:
        Recognition.DoesNotExist, Forbidden; Stale: annulled or withdrawn meanwhile; Invalid: no reason, or a higher
        level rests on it.
    """
    scope = scope_of(by)
    row = record_seen(scope, recognition_id)
    require(scope, "recognitions.issue")
    still_stands(row)
    faults = _reason_fault(reason) + _resting_faults(row)
    if faults:
        raise Invalid(faults)
    with transaction.atomic():
        _annul(row, by, reason)
    row.refresh_from_db()
    return row


def correct(
    *,
    by: Any,
    recognition_id: int,
    decision: Decision,
    reason: str,
    scan: File[Any] | None = None,
    drop_withdrawal: bool = False,
) -> Recognition:
    """Put a wrongly typed record right: it is annulled with the reason, and a new record succeeds it.

    Without a new scan the successor rests on the paper of the old one; where that has none, a scan is needed. A
    withdrawal is carried over, unless it was what had been typed wrongly (`drop_withdrawal`).

    Raises:
        Recognition.DoesNotExist, Forbidden; Stale: annulled or withdrawn meanwhile; Invalid: as
        `decision_faults`, or no reason.
    """
    scope = scope_of(by)
    row = record_seen(scope, recognition_id)
    require(scope, "recognitions.issue")
    still_stands(row)
    withdrawn = None if drop_withdrawal else row.withdrawn_on
    faults, checked, figures = _checked(by, decision, scan, replaces=row, withdrawn_on=withdrawn)
    faults = _reason_fault(reason, "/correction_reason") + faults
    if faults or decision.unit is None or figures is None:
        raise Invalid(faults)
    with once():
        _annul(row, by, reason)
        new = _store(by, decision, figures, scan, checked, replaces=row, withdrawn=withdrawn is not None)
    return new


def _checked(
    by: Any,
    decision: Decision,
    scan: File[Any] | None,
    *,
    replaces: Recognition | None = None,
    withdrawn_on: date | None = None,
) -> tuple[list[Fault], CheckedUpload | None, Figures | None]:
    """Return every fault of a decision, its checked scan, and what the figures say of its unit on its day."""
    scope = scope_of(by)
    faults = _missing(decision) + unit_fault(scope, decision.unit)
    ground = ground_for([decision.unit.pk] if decision.unit else [], ignoring=replaces.pk if replaces else None)
    act = Act(
        decision.unit.pk if decision.unit else None,
        decision.level,
        decision.decided_on,
        decision.expires_on,
        withdrawn_on,
    )
    faults += act_faults(act, ground, today=timezone.localdate())
    if replaces is not None and None not in (act.unit_id, act.decided_on) and act.level:
        faults += _moved_faults(replaces, act)
    level = ground.levels.get(decision.level)
    figures = None
    if decision.unit is not None and level is not None and decision.decided_on is not None:
        figures = figures_on(decision.unit.pk, level, decision.decided_on)
    unmet = any(getattr(decision, name) in (ConditionState.NOT_MET, ConditionState.UNKNOWN) for name in CONDITIONS)
    if (unmet or (figures is not None and figures.against)) and not decision.difference_reason.strip():
        message = _("Số liệu hoặc điều kiện chưa đủ vào ngày quyết định: ghi rõ vì sao vẫn ghi quyết định này.")
        faults.append(Fault("/difference_reason", "difference", message))
    checked = None
    if scan is not None or replaces is None or not has_paper(replaces):
        checked = checked_scan(scan, faults)
    return faults, checked, figures


def _missing(decision: Decision) -> list[Fault]:
    faults = []
    if decision.unit is None:
        faults.append(Fault("/unit", "required", _("Chọn xã được công nhận.")))
    if not decision.level:
        faults.append(Fault("/level", "required", _("Chọn mức được công nhận.")))
    if decision.decided_on is None:
        faults.append(Fault("/decided_on", "required", _("Ghi ngày quyết định.")))
    if not decision.decision_number.strip():
        faults.append(Fault("/decision_number", "required", _("Ghi số quyết định.")))
    if decision.provenance not in (Provenance.SOURCED, Provenance.UNVERIFIED):
        faults.append(Fault("/provenance", "unknown", _("Chọn mức tin cậy của bản ghi.")))
    faults += [
        Fault(f"/{name}", "required", _("Chọn một câu trả lời cho điều kiện này."))
        for name in CONDITIONS
        if getattr(decision, name) not in ConditionState.values
    ]
    lengths = {"decision_number": 60, "signer": 200, "source": 80}
    faults += [
        Fault(f"/{name}", "too_long", _("Dài quá %(n)s ký tự.") % {"n": most})
        for name, most in lengths.items()
        if len(getattr(decision, name).strip()) > most
    ]
    return faults


def _reason_fault(reason: str, pointer: str = "/reason") -> list[Fault]:
    if reason.strip():
        return []
    return [Fault(pointer, "required", _("Ghi lý do: bản ghi sai ở đâu."))]


def _resting_faults(row: Recognition) -> list[Fault]:
    """A record on which a higher level's recognition rests is put right, not taken away."""
    if resting_on(act_of_record(row), ground_for([row.unit_id], ignoring=row.pk)):
        message = _("Quyết định công nhận mức cao hơn dựa trên bản ghi này: hãy sửa bản ghi, đừng hủy.")
        return [Fault("/reason", "rested_upon", message)]
    return []


def _moved_faults(row: Recognition, act: Act) -> list[Fault]:
    """A record put right still carries the higher level's recognitions that rest on it, each on its own day."""
    ground = ground_for([row.unit_id], ignoring=row.pk)
    if act.unit_id == row.unit_id:
        ground.add(act)
    old = act_of_record(row)
    return [_moved_fault(old, act, higher, ground) for higher in resting_on(old, ground)]


def _moved_fault(old: Act, act: Act, higher: Act, ground: Ground) -> Fault:
    """Name the field whose change takes the ground from under a higher recognition."""
    if act.unit_id != old.unit_id:
        field = "/unit"
    elif act.level != old.level:
        field = "/level"
    else:
        field = "/decided_on" if act.decided_on > higher.decided_on else "/expires_on"  # type: ignore[operator]
    message = _("Quyết định mức “%(level)s” ngày %(day)s dựa trên bản ghi này; sửa như vậy thì mức đó mất căn cứ.")
    words = {"level": localname(ground.levels[higher.level]), "day": date_vi(higher.decided_on)}
    return Fault(field, "rested_upon", message % words)


def _annul(row: Recognition, by: Any, reason: str) -> None:
    # A withdrawal recorded since this window read the row would be lost with it.
    changed = Recognition.objects.filter(pk=row.pk, withdrawn_on=row.withdrawn_on).update(
        annulled_at=timezone.now(), annulled_by=str(by), annulment_reason=reason.strip()
    )
    if not changed:
        still_stands(Recognition.records.get(pk=row.pk))
        raise Stale(_("Quyết định này đã bị thu hồi."))
    tell(row, Kind.RECOGNITION_ANNULLED, by, reason=reason.strip())


def _store(
    by: Any,
    decision: Decision,
    figures: Figures,
    scan: File[Any] | None,
    checked: CheckedUpload | None,
    *,
    replaces: Recognition | None = None,
    withdrawn: bool = False,
) -> Recognition:
    """Store a checked decision with its basis and scan, in the caller's transaction."""
    carried: dict[str, Any] = {}
    if replaces is not None and replaces.decided_on == decision.decided_on:
        # The last day of a year that stands for the whole year goes on doing so.
        carried["date_precision"] = replaces.date_precision
    if replaces is not None and withdrawn:
        names = ("withdrawn_on", "withdrawal_decision", "withdrawal_reason")
        carried |= {name: getattr(replaces, name) for name in names}
    said = asdict(replace(decision, unit=None))
    row = Recognition.objects.create(
        unit=decision.unit,
        level=figures.level,
        replaces=replaces,
        recorded_by=str(by),
        recorded_at=timezone.now(),
        **{name: said[name] for name in ("decided_on", "expires_on", "provenance")},
        **{name: said[name].strip() for name in ("decision_number", "signer", "source", "note")},
        **carried,
    )
    RecognitionBasis.objects.create(
        recognition=row,
        outcome=figures.outcome,
        period=figures.period,
        criteria_met=figures.met,
        criteria_total=figures.total,
        open_criteria=[[one.criterion.number, one.outcome] for one in figures.open],
        difference_reason=decision.difference_reason.strip(),
        **{name: said[name] for name in CONDITIONS},
    )
    if scan is not None and checked is not None:
        keep(row, RecognitionScan.Act.RECOGNITION, scan, checked, by)
    tell(
        row,
        Kind.RECOGNITION_ISSUED,
        by,
        level=decision.level,
        decided_on=decision.decided_on.isoformat() if decision.decided_on else "",
        decision_number=row.decision_number,
        figures=figures.outcome,
        difference_reason=decision.difference_reason.strip(),
        scan=checked.name if checked else "",
        replaces=replaces.pk if replaces else None,
    )
    return row
