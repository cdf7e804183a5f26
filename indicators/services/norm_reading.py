"""Reading a norm as someone typed it: every fault at its field, and nothing stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from communes.scope import scope_of
from indicators.models import Norm, NormDocument
from indicators.rules.types import NormSpec, Value
from indicators.selectors.norm_target import NormTarget, Place
from indicators.services.cells import read_value
from indicators.services.guard import require
from indicators.services.norm_documents import usable_document
from mongcai_portal.common.errors import Fault, Invalid
from mongcai_portal.common.models import Provenance

DECISION_LENGTH, ISSUER_LENGTH, REASON_LENGTH = 60, 200, 2000


@dataclass(frozen=True, slots=True)
class NormTyped:
    """A norm as someone typed it; days are `dd/mm/yyyy` or ISO, numbers in the format of `language`."""

    value: str = ""
    region: str = ""
    year: str = ""
    group: str = ""
    valid_from: str = ""
    decision: str = ""
    issued_on: str = ""
    issuer: str = ""
    reason: str = ""
    document: int | None = None
    language: str = "vi"


@dataclass(frozen=True, slots=True)
class NormDraft:
    """A norm that passed every check, still unsaved; `supersedes` is the row whose place it takes."""

    target: NormTarget
    place: Place
    valid_from: date | None
    value: Value
    decision: str
    issued_on: date
    issuer: str
    reason: str
    document: NormDocument
    supersedes: Norm | None

    @property
    def spec(self) -> NormSpec:
        """The norm as the rules would read it."""
        return NormSpec(
            id=0,
            part=self.target.part,
            region=self.place.region,
            year=self.place.year,
            group=self.place.group,
            value=self.value,
            provenance=Provenance.SOURCED,
            decision=self.decision,
            valid_from=self.valid_from,
        )


class _Reader:
    """Reads what was typed field by field and keeps every fault."""

    def __init__(self, target: NormTarget, typed: NormTyped, today: date) -> None:
        self.target, self.typed, self.today = target, typed, today
        self.faults: list[Fault] = []

    def fault(self, field: str, code: str, message: str) -> None:
        self.faults.append(Fault(f"/{field}", code, message))

    def value(self) -> Value | None:
        raw = self.typed.value.strip()
        if not raw:
            self.fault("value", "missing", _("Nhập mức đạt chuẩn."))
            return None
        if self.target.asked.value_type == "boolean" and raw != "true":
            self.fault("value", "wrong_type", _("Mức của chỉ tiêu này là “đạt”, không phải một con số."))
            return None
        found = read_value(raw, self.target.asked, self.typed.language)
        if isinstance(found, tuple):
            self.fault("value", *found)
            return None
        return found

    def text(self, field: str, limit: int, missing: str) -> str:
        text = " ".join(getattr(self.typed, field).split())
        if not text:
            self.fault(field, "missing", missing)
        elif len(text) > limit:
            self.fault(field, "too_long", _("Dài quá %(limit)s ký tự.") % {"limit": limit})
        return text

    def day(self, field: str) -> date | None:
        text = getattr(self.typed, field).strip()
        if not text:
            return None
        for form in ("%Y-%m-%d", "%d/%m/%Y"):
            try:
                return datetime.strptime(text, form).date()  # noqa: DTZ007 (a day has no zone)
            except ValueError:
                continue
        self.fault(field, "not_a_date", _("“%(value)s” không phải là ngày.") % {"value": text})
        return None

    def place(self) -> Place:
        region, group, year = self.typed.region.strip(), self.typed.group.strip(), self.typed.year.strip()
        if region and region not in self.target.regions:
            self.fault("region", "unknown_region", _("Không có vùng “%(zone)s”.") % {"zone": region})
        if group and group not in self.target.groups:
            self.fault("group", "unknown_group", _("Không có nhóm xã “%(code)s”.") % {"code": group})
        years = self.target.years
        if year and (not year.isascii() or not year.isdigit() or int(year[:5]) not in years):
            self.fault(
                "year",
                "after_validity",
                _("Bộ tiêu chí xét các năm %(first)s–%(last)s.") % {"first": years[0], "last": years[-1]},
            )
            year = ""
        return Place(region, int(year) if year else None, group)

    def issued_on(self) -> date | None:
        before = len(self.faults)
        day = self.day("issued_on")
        if day is None:
            if len(self.faults) == before:
                self.fault("issued_on", "missing", _("Nhập ngày ban hành văn bản."))
        elif day > self.today:
            self.fault("issued_on", "in_future", _("Ngày ban hành ở sau hôm nay."))
        elif day > self.target.last_day:
            self.fault("issued_on", "after_validity", self._after(_("Ngày ban hành")))
        return day

    def valid_from(self) -> date | None:
        day = self.day("valid_from")
        if day is None:
            return None
        if day > self.target.last_day:
            self.fault("valid_from", "after_validity", self._after(_("Ngày áp dụng")))
        elif day < self.target.first_day:
            self.fault(
                "valid_from",
                "before_validity",
                _("Chỉ tiêu này được xét từ ngày %(day)s.") % {"day": f"{self.target.first_day:%d/%m/%Y}"},
            )
        return day

    def _after(self, what: str) -> str:
        return _("%(what)s ở sau ngày hết hiệu lực của chỉ tiêu (%(day)s).") % {
            "what": what,
            "day": f"{self.target.last_day:%d/%m/%Y}",
        }


def read_norm(
    *, by: Any, target: NormTarget, typed: NormTyped, faults: tuple[Fault, ...] = (), today: date | None = None
) -> NormDraft:
    """Check a typed norm against what it is for.

    Args:
        faults: what is already known to be wrong (with the scan), named together with the rest.

    Raises:
        Forbidden; Invalid: every fault, each at its field (`/value`, `/year`, `/issued_on`, `/scan` …).
    """
    require(scope_of(by), "norms.enter")
    reader = _Reader(target, typed, today or timezone.localdate())
    value, place, valid_from = reader.value(), reader.place(), reader.valid_from()
    decision = reader.text("decision", DECISION_LENGTH, _("Nhập số, ký hiệu văn bản."))
    issued_on = reader.issued_on()
    issuer = reader.text("issuer", ISSUER_LENGTH, _("Nhập cơ quan ban hành."))
    reason = typed.reason.strip()
    if len(reason) > REASON_LENGTH:
        reader.fault("reason", "too_long", _("Dài quá %(limit)s ký tự.") % {"limit": REASON_LENGTH})
    document = usable_document(by=by, document_id=typed.document)
    if document is None and not faults:
        reader.fault("scan", "missing", _("Chọn bản quét của văn bản."))
    held = target.current(place, valid_from)
    if held is not None and held.provenance == Provenance.SOURCED:
        if value is not None and held.value == value and not held.derived_set:
            reader.fault("value", "unchanged", _("Mức này đang có hiệu lực và đã có nguồn."))
        if not reason:
            reader.fault("reason", "missing", _("Mức đang có đã có nguồn: ghi lý do thay mức."))
    reader.faults += faults
    if reader.faults or value is None or issued_on is None or document is None:
        raise Invalid(reader.faults)
    return NormDraft(target, place, valid_from, value, decision, issued_on, issuer, reason, document, held)
