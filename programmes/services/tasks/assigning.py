"""Giving a task to an office."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communes.models import Office, Unit, UnitVersion
from communes.scope import scope_of
from indicators.models import CriteriaSet, Criterion
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services.record import SYSTEM
from mongcai_portal.common.errors import Fault, Forbidden, Invalid
from mongcai_portal.common.models import Provenance
from mongcai_portal.common.text import nfc, search_key
from programmes.models import Difficulty, DifficultyEntry, Programme, Task, TaskEntry, TaskStep
from programmes.rules.difficulties import WITHDRAWN
from programmes.rules.tasks import DOCUMENT, STEP_TEXT, TEXT, TITLE, Plan, faults_of
from programmes.selectors.measure_names import measure_labels
from programmes.services.difficulties.guard import note
from programmes.services.tasks.guard import line, may_assign, tell, too_long

MOST_STEPS = 30
KINDS = ("commune", "ward", "special_zone")


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task as it was typed; offices, units and programme by their codes, None and empty where nothing was.

    `programme` empty: no single programme's, or that of its difficulty.
    """

    token: str
    title: str
    origin: str
    owner: str
    due_on: date | None
    no_deadline: bool = False
    text: str = ""
    title_en: str = ""
    document: str = ""
    document_on: date | None = None
    unit: str = ""
    measure: str = ""
    level: str = ""
    criterion: int | None = None
    difficulty: int | None = None
    programme: str = ""
    steps: Sequence[str] = ()
    # The day it was given: today, but for what is brought in from earlier.
    assigned_on: date | None = None
    text_provenance: str = Provenance.SOURCED
    text_source: str = ""
    plan_provenance: str = Provenance.SOURCED


def assign(*, by: Any, task: NewTask) -> Task:
    """Give a task to an office, with its first steps; the same form again gives the task it gave first.

    Raises:
        Forbidden: the person gives no tasks.
        Invalid: `/title` required, too_long; `/text`, `/document` too_long; `/origin`, `/owner` required; `/unit`,
            `/measure`, `/criterion`, `/difficulty`, `/programme` unknown; `/unit` required (with a criterion),
            other_place, `/programme` other_programme (than the difficulty's); `/measure`, `/difficulty` not_both;
            `/origin` other_origin (without a difficulty); `/document_on`, `/assigned_on` in_future; `/due_on` required,
            before_document, in_past; `/no_deadline` not_both; `/steps` too_long, too_many; `/token` used: another task
            was given with the form.
    """
    if by is not None and not may_assign(scope_of(by)):
        raise Forbidden(_("Tài khoản này không có quyền thực hiện thao tác đó."))
    if known := Task.objects.filter(token=task.token).first():
        return _same(known, task)
    faults = assign_faults(task)
    if faults:
        raise Invalid(faults)
    plan, steps = _plan(task), _steps(task)
    owner = Office.objects.get(code=task.owner)
    unit = Unit.objects.get(uid=task.unit) if task.unit else None
    try:
        with transaction.atomic():
            # Held until the task stands: nobody gives the difficulty to another programme between.
            held = Difficulty.objects.select_for_update(of=("self",)).select_related("programme")
            difficulty = held.get(pk=task.difficulty) if task.difficulty else None
            made = _store(task, plan, owner, unit, by, difficulty)
            TaskStep.objects.bulk_create(
                TaskStep(task=made, number=number, text=text) for number, text in enumerate(steps, 1)
            )
            tell(
                made,
                entry=TaskEntry.Kind.ASSIGNED,
                kind=Kind.TASK_ASSIGNED,
                by=by,
                due_on=made.due_on,
                steps=len(steps),
            )
            if difficulty is not None:
                note(difficulty, entry=DifficultyEntry.Kind.TASKED, by=by, text=made.title_vi)
    except IntegrityError:
        # The other of two windows with the same form was first.
        made = _same(Task.objects.get(token=task.token), task)
    return made


def _same(known: Task, task: NewTask) -> Task:
    """Return the task that a form gave, when it says now what it said then; the browser's Back brings it once more.

    Raises:
        Invalid: it says something else.
    """
    plan, steps = _plan(task), _steps(task)
    given = (
        known.title_vi, known.title_en, known.text, known.origin, known.document, known.document_on, known.owner.code,
        known.unit.uid if known.unit else "", known.measure, known.level, known.criterion, known.difficulty_id,
        known.programme.code if known.programme else "",
    )  # fmt: skip
    typed = (
        plan.title, line(task.title_en), plan.text, task.origin, plan.document, plan.document_on, task.owner, task.unit,
        task.measure, task.level if task.criterion else "", task.criterion, task.difficulty,
        task.programme or (known.programme.code if known.difficulty and known.programme else ""),
    )  # fmt: skip
    kinds = Counter(known.entries.values_list("kind", flat=True))
    # Steps that were added since stand last. The deadline that it was given with is not kept when another one is set.
    first = list(known.steps.values_list("text", flat=True))[: -kinds[TaskEntry.Kind.STEP_ADDED] or None]
    due = kinds[TaskEntry.Kind.POSTPONED] or (known.due_on, known.no_deadline) == (plan.due_on, plan.no_deadline)
    if given != typed or first != steps or not due:
        message = _(
            "Biểu mẫu này đã dùng để giao nhiệm vụ số %(n)s. Phần đang nhập khác với nhiệm vụ đó và chưa được giao; "
            "bấm Giao nhiệm vụ lần nữa để giao thành một nhiệm vụ mới."
        )
        raise Invalid([Fault("/token", "used", message % {"n": known.pk})])
    return known


def assign_faults(task: NewTask) -> list[Fault]:
    """Return everything that is wrong with a task, as `assign` would refuse it."""
    plan = _plan(task)
    owner = Office.objects.filter(code=task.owner).first() if task.owner else None
    unit = Unit.objects.filter(uid=task.unit).first() if task.unit else None
    faults = [_fault(*one) for one in faults_of(plan, today=timezone.localdate())]
    return faults + _place_faults(task, owner, unit) + _step_faults(_steps(task))


def _plan(task: NewTask) -> Plan:
    return Plan(
        title=line(task.title),
        text=nfc(task.text).strip(),
        document=line(task.document),
        document_on=task.document_on,
        assigned_on=task.assigned_on or timezone.localdate(),
        due_on=task.due_on,
        no_deadline=task.no_deadline,
    )


def _steps(task: NewTask) -> list[str]:
    return [line(step) for step in task.steps if line(step)]


def _store(task: NewTask, plan: Plan, owner: Office, unit: Unit | None, by: Any, difficulty: Difficulty | None) -> Task:
    return Task.objects.create(
        token=task.token,
        title_vi=plan.title,
        title_en=line(task.title_en),
        text=plan.text,
        origin=task.origin,
        document=plan.document,
        document_on=plan.document_on,
        owner=owner,
        unit=unit,
        measure=task.measure,
        level=task.level if task.criterion else "",
        criterion=task.criterion,
        difficulty=difficulty,
        programme=_programme(task, difficulty),
        assigned_on=plan.assigned_on,
        due_on=plan.due_on,
        no_deadline=plan.no_deadline,
        text_provenance=task.text_provenance,
        text_source=task.text_source,
        plan_provenance=task.plan_provenance,
        assigned_by=SYSTEM if by is None else str(by)[:200],
        assigned_at=timezone.now(),
        search_key=search_key(f"{plan.title} {task.title_en} {plan.document} {plan.text}"),
    )


def _programme(task: NewTask, difficulty: Difficulty | None) -> Programme | None:
    if difficulty is not None:
        return difficulty.programme
    return Programme.objects.get(code=task.programme) if task.programme else None


def _place_faults(task: NewTask, owner: Office | None, unit: Unit | None) -> list[Fault]:
    """What is wrong with origin, owner, commune, and what the task came from."""
    found = []
    if task.origin not in Task.Origin.values:
        found.append(Fault("/origin", "required", _("Chọn nguồn gốc của nhiệm vụ.")))
    if owner is None:
        found.append(Fault("/owner", "required", _("Chọn phòng ban chủ trì.")))
    if task.unit and (unit is None or not _is_commune(unit)):
        found.append(Fault("/unit", "unknown", _("Không có xã, phường này.")))
    if task.measure and task.measure not in measure_labels():
        found.append(Fault("/measure", "unknown", _("Không có con số này.")))
    if task.measure and task.criterion:
        message = _("Nhiệm vụ xuất phát từ một con số hoặc một tiêu chí, không phải cả hai.")
        found.append(Fault("/measure", "not_both", message))
    if task.programme and not Programme.objects.filter(code=task.programme).exists():
        found.append(Fault("/programme", "unknown", _("Không có chương trình này.")))
    found += _difficulty_faults(task, unit)
    if task.criterion:
        if not task.unit:
            found.append(Fault("/unit", "required", _("Chọn xã có tiêu chí cần khắc phục.")))
        if not _is_criterion(task.level, task.criterion):
            found.append(Fault("/criterion", "unknown", _("Không có tiêu chí này.")))
    return found


def _difficulty_faults(task: NewTask, unit: Unit | None) -> list[Fault]:
    """A task of a difficulty is given where the difficulty is; one of the whole town may be given to a commune."""
    if task.difficulty is None:
        if task.origin != Task.Origin.DIFFICULTY:
            return []
        message = _("Giao nhiệm vụ này từ trang của tồn tại, khó khăn.")
        return [Fault("/origin", "other_origin", message)]
    row = Difficulty.objects.filter(pk=task.difficulty).select_related("programme").first()
    if row is None or row.status == WITHDRAWN:
        return [Fault("/difficulty", "unknown", _("Không có tồn tại, khó khăn này."))]
    found = []
    if task.origin != Task.Origin.DIFFICULTY or task.measure or task.criterion:
        message = _("Nhiệm vụ xuất phát từ một tồn tại, khó khăn thì không xuất phát từ việc khác.")
        found.append(Fault("/difficulty", "not_both", message))
    if row.unit_id is not None and row.unit_id != (unit.pk if unit else None):
        found.append(Fault("/unit", "other_place", _("Chọn xã, phường có tồn tại, khó khăn này.")))
    if task.programme not in ("", row.programme.code):
        found.append(Fault("/programme", "other_programme", _("Chọn chương trình của tồn tại, khó khăn này.")))
    return found


def _is_commune(unit: Unit) -> bool:
    """Now or once: what slipped in a commune that was merged since is still to be put right on its territory."""
    return UnitVersion.objects.filter(unit=unit, kind__in=KINDS).exists()


def _is_criterion(level: str, number: int) -> bool:
    published = CriteriaSet.Status.PUBLISHED
    rows = Criterion.objects.filter(criteria_set__level__code=level, criteria_set__status=published, number=number)
    return rows.exists()


def _step_faults(steps: Sequence[str]) -> list[Fault]:
    found = []
    if len(steps) > MOST_STEPS:
        message = _("Một nhiệm vụ có tối đa %(n)s bước.") % {"n": MOST_STEPS}
        found.append(Fault("/steps", "too_many", message))
    long = [number for number, text in enumerate(steps, 1) if len(text) > STEP_TEXT]
    if long:
        message = _("Bước %(numbers)s dài quá %(n)s ký tự.")
        told = {"numbers": ", ".join(map(str, long)), "n": STEP_TEXT}
        found.append(Fault("/steps", "too_long", message % told))
    return found


def _fault(field: str, code: str) -> Fault:
    """Put a fault of the rules into words."""
    if code == "too_long":
        return too_long(field, {"title": TITLE, "text": TEXT, "document": DOCUMENT}[field])
    return Fault(f"/{field}", code, deadline_word(field, code))


def deadline_word(field: str, code: str) -> str:
    """What a fault of a day or of the title says."""
    return {
        ("title", "required"): _("Ghi tên nhiệm vụ."),
        ("document_on", "in_future"): _("Ngày văn bản chưa tới."),
        ("assigned_on", "in_future"): _("Ngày giao chưa tới."),
        ("due_on", "required"): _("Ghi thời hạn, hoặc đánh dấu là văn bản không nêu thời hạn."),
        ("due_on", "before_document"): _("Thời hạn không thể trước ngày văn bản."),
        ("due_on", "in_past"): _("Thời hạn này đã qua."),
        ("no_deadline", "not_both"): _("Đã ghi thời hạn thì bỏ dấu “không nêu thời hạn”."),
    }[field, code]
