"""Writing a difficulty with its causes and proposals, and changing what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communes.models import Office, Unit, UnitVersion
from communes.scope import Scope, scope_of
from communes.selectors.village_choices import PLACES
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services.record import SYSTEM
from mongcai_portal.common.errors import Fault, Invalid
from mongcai_portal.common.models import Provenance
from mongcai_portal.common.periods import PeriodSpan, parse_period
from mongcai_portal.common.text import nfc, search_key
from programmes.models import Difficulty, DifficultyEntry, DifficultyProposal, Programme
from programmes.rules.difficulties import (
    CAUSE,
    CHANGE,
    EARLIEST,
    MOST_PROPOSALS,
    PROPOSAL,
    TEXT,
    Said,
    faults_of,
)
from programmes.services.difficulties.guard import (
    change,
    difficulty_for,
    forbidden,
    refuse,
    tell,
    too_long,
    writes_all,
    writes_of,
)

ADDRESSEES = DifficultyProposal.Addressee
PLAIN = ("kind", "period", "text", "cause_objective", "cause_subjective")


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal as it was typed; one without text and addressee is none."""

    addressee: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class DifficultyTyped:
    """An entry as it was typed: programme, office, period and unit by their codes; `unit` empty: the whole town."""

    programme: str
    kind: str
    period: str
    office: str
    text: str
    unit: str = ""
    cause_objective: str = ""
    cause_subjective: str = ""
    proposals: Sequence[Proposed] = ()


@dataclass(frozen=True, slots=True)
class _Read:
    """What an entry rests on, read; None where it names nothing."""

    said: Said
    rows: Sequence[int]  # where each of its proposals stood among those that were typed
    programme: Programme | None
    office: Office | None
    unit: Unit | None
    period: PeriodSpan | None


def write_difficulty(
    *,
    by: Any,
    token: str,
    typed: DifficultyTyped,
    provenance: str = Provenance.SOURCED,
    source: str = "",
) -> Difficulty:
    """Write an entry; the same form again gives the entry that it wrote first.

    Raises:
        Forbidden: the person writes no difficulties.
        Invalid: see `difficulty_faults`; `/token` used: another entry was written with the form.
    """
    _may(by)
    if known := Difficulty.objects.filter(token=token).first():
        return _same(known, typed)
    refuse(difficulty_faults(by, typed))
    read = _read(typed)
    try:
        with transaction.atomic():
            made = Difficulty.objects.create(
                token=token,
                provenance=provenance,
                source=source,
                written_by=SYSTEM if by is None else str(by)[:200],
                written_at=timezone.now(),
                **_columns(typed, read),
            )
            _propose(made, read.said)
            tell(
                made,
                entry=DifficultyEntry.Kind.WRITTEN,
                kind=Kind.DIFFICULTY_WRITTEN,
                by=by,
                period=made.period,
                proposals=len(read.said.proposals),
            )
    except IntegrityError:
        # The other of two windows with the same form was first.
        made = _same(Difficulty.objects.get(token=token), typed)
    return made


def _same(known: Difficulty, typed: DifficultyTyped) -> Difficulty:
    """Return the entry that a form wrote, when it says now what it said then; the browser's Back brings it once more.

    Raises:
        Invalid: it says something else.
    """
    written = standing(known)
    for entry in known.entries.filter(kind=DifficultyEntry.Kind.CHANGED).order_by("-pk"):
        written |= entry.before  # by now it may say something else itself
    if written != _said(typed):
        message = _(
            "Biểu mẫu này đã dùng để ghi nội dung số %(n)s. Phần đang nhập khác với nội dung đó và chưa được lưu; bấm "
            "Lưu lần nữa để ghi thành một nội dung mới."
        )
        raise Invalid([Fault("/token", "used", message % {"n": known.pk})])
    return known


def change_difficulty(*, by: Any, difficulty_id: int, typed: DifficultyTyped, lock: int | None = None) -> Difficulty:
    """Change what an open entry says; the history keeps what it said before, and the same again changes nothing.

    Tasks that came of it follow it to another programme.

    Raises:
        Difficulty.DoesNotExist, Forbidden; Stale: not open any more, or another window wrote first; Invalid: see
        `difficulty_faults`.
    """
    found = difficulty_for(by=by, difficulty_id=difficulty_id, move=CHANGE)
    refuse(difficulty_faults(by, typed))
    read = _read(typed)
    columns = _columns(typed, read)
    before = {name: stands for name, (stands, _typed) in differing(found, typed).items()}
    if not before:
        return found
    with transaction.atomic():
        change(found, CHANGE, lock=lock, **columns)
        if "proposals" in before:
            found.proposals.all().delete()
            _propose(found, read.said)
        if "programme" in before:
            found.tasks.update(programme=read.programme)
        tell(
            found,
            entry=DifficultyEntry.Kind.CHANGED,
            kind=Kind.DIFFICULTY_CHANGED,
            by=by,
            before=before,
            fields=sorted(before),
        )
    return found


def difficulty_faults(by: Any, typed: DifficultyTyped) -> list[Fault]:
    """Return everything that is wrong with an entry, as writing it would be refused.

    Pointers and codes: `/text` required, too_long; `/cause_objective`, `/cause_subjective` too_long;
    `/proposals/N/text` required, too_long; `/proposals/N/addressee` required; `/proposals` too_many; `/kind`,
    `/programme`, `/office` required; `/period` required, out_of_range; `/unit` unknown; `/unit` not_yours: neither
    the commune nor the office is the writer's.
    """
    read = _read(typed)
    faults = [_fault(*one, read.rows) for one in faults_of(read.said, ADDRESSEES.values)]
    if typed.kind not in Difficulty.Kind.values:
        faults.append(Fault("/kind", "required", _("Chọn loại nội dung.")))
    if read.programme is None:
        faults.append(Fault("/programme", "required", _("Chọn chương trình.")))
    if read.office is None:
        faults.append(Fault("/office", "required", _("Chọn phòng ban theo dõi.")))
    faults += _period_faults(typed, read)
    return faults + _place_faults(by, typed, read)


def _period_faults(typed: DifficultyTyped, read: _Read) -> list[Fault]:
    if read.period is None:
        return [Fault("/period", "required", _("Chọn kỳ báo cáo."))]
    if read.period.starts_on < EARLIEST or read.period.starts_on > timezone.localdate():
        return [Fault("/period", "out_of_range", _("Kỳ phải đã bắt đầu, và từ năm 2016 trở đi."))]
    return []


def _place_faults(by: Any, typed: DifficultyTyped, read: _Read) -> list[Fault]:
    scope = scope_of(by) if by is not None else None
    if typed.unit and (read.unit is None or not _is_commune(read.unit)):
        return [Fault("/unit", "unknown", _("Không có xã, phường này."))]
    if scope is None or writes_all(scope) or (read.office is None and not typed.unit):
        return []
    office_id = read.office.pk if read.office else None
    if writes_of(scope, unit_id=read.unit.pk if read.unit else None, office_id=office_id):
        return []
    if read.office is None:
        return []  # which office it is decides, and that is named already
    if scope.office_ids:
        message = _("Phòng ban chỉ ghi nội dung do mình theo dõi: chọn phòng ban của tài khoản.")
    else:
        message = _("Chọn xã, phường của tài khoản.")
    return [Fault("/unit" if not scope.office_ids else "/office", "not_yours", message)]


def _is_commune(unit: Unit) -> bool:
    """Now or once: a report on past years tells of communes that were merged since."""
    return UnitVersion.objects.filter(unit=unit, kind__in=PLACES).exists()


def _read(typed: DifficultyTyped) -> _Read:
    rows = [at for at, one in enumerate(typed.proposals) if one.addressee or _text(one.text)]
    proposals = [(typed.proposals[at].addressee, _text(typed.proposals[at].text)) for at in rows]
    try:
        period = parse_period(typed.period) if typed.period else None
    except ValueError:
        period = None
    return _Read(
        said=Said(
            text=_text(typed.text),
            cause_objective=_text(typed.cause_objective),
            cause_subjective=_text(typed.cause_subjective),
            proposals=proposals,
        ),
        rows=rows,
        programme=Programme.objects.filter(code=typed.programme).first() if typed.programme else None,
        office=Office.objects.filter(code=typed.office).first() if typed.office else None,
        unit=Unit.objects.filter(uid=typed.unit).first() if typed.unit else None,
        period=period,
    )


def _text(text: str) -> str:
    """A text as it is stored: composed letters, no spaces around, lines stay lines."""
    return nfc(text).replace("\r\n", "\n").strip()


def _columns(typed: DifficultyTyped, read: _Read) -> dict[str, Any]:
    said, period = read.said, read.period
    assert read.programme is not None and read.office is not None and period is not None, "what is missing was named"
    texts = [said.text, said.cause_objective, said.cause_subjective, *(text for _to, text in said.proposals)]
    return {
        "programme": read.programme,
        "unit": read.unit,
        "office": read.office,
        "period": period.code,
        "starts_on": period.starts_on,
        "ends_on": period.ends_on,
        "kind": typed.kind,
        "text": said.text,
        "cause_objective": said.cause_objective,
        "cause_subjective": said.cause_subjective,
        "search_key": search_key(" ".join(texts)),
    }


def _propose(difficulty: Difficulty, said: Said) -> None:
    DifficultyProposal.objects.bulk_create(
        DifficultyProposal(difficulty=difficulty, number=number, addressee=addressee, text=text)
        for number, (addressee, text) in enumerate(said.proposals, 1)
    )


def standing(found: Difficulty) -> dict[str, Any]:
    """Return what an entry says, by field: by codes, so that it stays readable when rows are gone."""
    return {
        "programme": found.programme.code,
        "unit": found.unit.uid if found.unit else "",
        "office": found.office.code,
        **{name: getattr(found, name) for name in PLAIN},
        "proposals": [[one.addressee, one.text] for one in found.proposals.all()],
    }


def _said(typed: DifficultyTyped) -> dict[str, Any]:
    """What was typed, as `standing` says it when it is stored."""
    proposals = [[one.addressee, _text(one.text)] for one in typed.proposals]
    return {
        "programme": typed.programme,
        "unit": typed.unit,
        "office": typed.office,
        **{name: _text(getattr(typed, name)) for name in PLAIN},
        "proposals": [one for one in proposals if any(one)],
    }


def differing(found: Difficulty, typed: DifficultyTyped) -> dict[str, tuple[Any, Any]]:
    """Return the fields of which something else was typed than stands there, as (what stands, what was typed)."""
    stands, said = standing(found), _said(typed)
    return {name: (stands[name], said[name]) for name in stands if stands[name] != said[name]}


def _may(by: Any) -> None:
    if by is not None and not may_begin(scope_of(by)):
        raise forbidden()


def may_begin(scope: Scope) -> bool:
    """Whether someone writes difficulties at all."""
    return writes_all(scope) or Permission.DIFFICULTIES_WRITE in scope.permissions


def _fault(field: str, code: str, rows: Sequence[int]) -> Fault:
    """Put a fault of the rules into words; one of a proposal names the row that was typed."""
    if field.startswith("proposals/"):
        _proposals, at, name = field.split("/")
        field = f"proposals/{rows[int(at)]}/{name}"
    if code == "too_long":
        most = PROPOSAL if field.startswith("proposals/") else {"text": TEXT}.get(field, CAUSE)
        return too_long(field, most)
    if code == "too_many":
        return Fault("/proposals", code, _("Một nội dung có tối đa %(n)s kiến nghị.") % {"n": MOST_PROPOSALS})
    if field == "text":
        return Fault("/text", code, _("Ghi tồn tại, khó khăn là gì."))
    word = _("Ghi nội dung kiến nghị.") if field.endswith("/text") else _("Chọn cấp được kiến nghị.")
    return Fault(f"/{field}", code, word)
