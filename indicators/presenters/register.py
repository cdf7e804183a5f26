"""The register of recognitions as read: states, days, conditions, and what the figures say, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from indicators.models import ConditionState, Recognition, RecognitionBasis
from indicators.presenters.words import language, period_label, unit_title
from indicators.rules.freshness import Late
from indicators.rules.withdrawal import DECISION, HALF, NAMED_AMONG, PARTLY_FROM, WHOLLY_FROM, WithdrawalReading
from indicators.selectors.layout import Name
from indicators.selectors.register import (
    ANNULLED,
    EXPIRED,
    IN_FORCE,
    PAST,
    WITHDRAWN,
    Figures,
    RecordPage,
    RegisterRow,
)
from indicators.selectors.watch import Watch, WatchedCriterion
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.common.links import link
from mongcai_portal.common.numbers import format_decimal, round_half_up
from mongcai_portal.common.templatetags.portal import date_vi, localname, outcome_label


def state_label(state: str) -> str:
    """The word of a record's state."""
    return {
        IN_FORCE: pgettext("recognition", "Còn hiệu lực"),
        EXPIRED: pgettext("recognition", "Hết hiệu lực"),
        WITHDRAWN: pgettext("recognition", "Đã thu hồi"),
        PAST: pgettext("recognition", "Thuộc lịch sử: xã không còn"),
        ANNULLED: pgettext("recognition", "Bản ghi đã hủy"),
    }[state]


STATE_LOOKS = {
    IN_FORCE: ("circle-check", "chip-met"),
    EXPIRED: ("clock", ""),
    WITHDRAWN: ("ban", "chip-unmet"),
    PAST: ("history", ""),
    ANNULLED: ("x", ""),
}


def condition_label(name: str) -> str:
    """A condition of recognition in the words of QĐ 18/2022/QĐ-TTg."""
    return {
        "satisfaction": _("Tỷ lệ hài lòng của người dân đối với kết quả xây dựng nông thôn mới đáp ứng yêu cầu"),
        "no_debt": _("Không có nợ đọng xây dựng cơ bản thuộc Chương trình MTQG xây dựng nông thôn mới"),
        "security": _("Xã không phức tạp về an ninh, trật tự theo quy định của Bộ Công an"),
    }[name]


CONDITION_OUTCOMES = {ConditionState.MET: "met", ConditionState.NOT_MET: "not_met", ConditionState.UNKNOWN: "no_data"}


@dataclass(frozen=True, slots=True)
class WatchView:
    """What became of a recognition, as its warning is read; `arithmetic` is the rule's sum in one line."""

    level: str
    period: str
    then: str
    slipped: tuple[str, ...]
    arithmetic: str
    warning: str
    unclear: tuple[str, ...]
    url: str
    illustrative: bool
    unverified: bool
    judged: bool
    late: Late | None = None

    @property
    def calls(self) -> bool:
        return bool(self.slipped or self.warning)


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """A record of the list."""

    row: RegisterRow
    unit: str
    day: str
    state: str
    state_icon: str
    state_class: str
    url: str
    watch: WatchView | None
    expires: str

    @property
    def recognition(self) -> Recognition:
        return self.row.recognition


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """One line of the checklist: the condition, how it stood, as an outcome's shape and word."""

    label: str
    outcome: str
    word: str


@dataclass(frozen=True, slots=True)
class FiguresView:
    """What the figures say of a unit at a level on a day."""

    outcome: str
    head: str
    open: tuple[tuple[str, str], ...]  # (criterion, outcome)
    against: bool
    illustrative: bool
    unverified: bool
    judged: bool
    late: Late | None = None


@dataclass(frozen=True, slots=True)
class EventLine:
    """A step in the life of a record."""

    icon: str
    text: str
    by: str
    at: Any
    reason: str


def decided_text(row: Any) -> str:
    """The day of a decision (a record, or what was read of one); a source that names the year only gives the year."""
    if row.date_precision == Recognition.Precision.YEAR:
        return _("năm %(year)s") % {"year": row.decided_on.year}
    return date_vi(row.decided_on)


def unit_text(version: Any) -> str:
    """A unit with its kind, as it was called then."""
    return unit_title(Name(version.name_vi, version.name_en), version.kind)


def line_of(row: RegisterRow) -> RegisterLine:
    """A record of the list as read."""
    record = row.recognition
    icon, css = STATE_LOOKS[row.state]
    return RegisterLine(
        row=row,
        unit=unit_text(row.unit),
        day=decided_text(record),
        state=state_label(row.state),
        state_icon=icon,
        state_class=css,
        url=reverse("recognition", args=[record.pk]),
        watch=watch_view(row.watch, None) if row.watch and row.watch.calls else None,
        expires=date_vi(record.expires_on) if record.expires_on else "",
    )


def criterion_text(one: WatchedCriterion) -> str:
    return f"{one.number}. {localname(one)}"


def arithmetic(reading: WithdrawalReading, named: Iterable[object]) -> str:
    """The sum of the rule: `6/19 = 31,6%, trong đó có Thu nhập`; `named` have names in both languages."""
    if reading.share is None:
        return ""
    percent = format_decimal(_told(reading.share), language(), places=1)
    text = f"{len(reading.failed)}/{reading.total} = {percent}%"
    names = ", ".join(localname(one) for one in named)
    return text + (", " + _("trong đó có %(names)s") % {"names": names} if names else "")


def _told(share: Decimal) -> Decimal:
    rounded = round_half_up(share, 1)
    # Not across a bound: 29,97 % is under the 30 % that the rule asks for and must not read as 30,0 %.
    if any(share < bound <= rounded for bound in (PARTLY_FROM, WHOLLY_FROM)):
        return share.quantize(Decimal("0.1"), rounding=ROUND_DOWN)
    return rounded


def warning_text(watch: Watch) -> str:
    """Why withdrawal has to be considered; "" when it has not."""
    bounds = {"part": PARTLY_FROM, "half": WHOLLY_FROM}
    text = {
        NAMED_AMONG: _(
            "Từ %(part)s%% đến dưới %(half)s%% số tiêu chí không còn đạt, có tiêu chí mà quyết định nêu tên:"
        ),
        HALF: _("Từ %(half)s%% số tiêu chí trở lên không còn đạt:"),
    }.get(watch.reading.ground, "")
    return text % bounds if text else ""


def watch_view(watch: Watch, day: date | None) -> WatchView:
    """What became of a recognition by the figures."""
    return WatchView(
        level=localname(watch.recognition.level),
        period=period_label(watch.period),
        then=period_label(watch.then) if watch.then else "",
        slipped=tuple(criterion_text(one) for one in watch.slipped),
        arithmetic=arithmetic(watch.reading, watch.named),
        warning=warning_text(watch),
        unclear=tuple(criterion_text(one) for one in watch.unclear),
        url=link("attainment_unit", watch.recognition.unit.uid, level=watch.level, as_of=day),
        illustrative=watch.illustrative,
        unverified=watch.unverified,
        judged=watch.judged,
        late=watch.late,
    )


def figures_view(found: Figures) -> FiguresView:
    """What the figures say, beside the conditions."""
    if not found.known:
        head = (
            _("Chưa có báo cáo nào được phê duyệt cho kỳ kết thúc đến ngày này: chưa rõ theo số liệu.")
            if found.published
            else _("Bộ tiêu chí của mức này chưa được ban hành trên cổng: chưa tính từ số liệu.")
        )
    else:
        head = _("%(period)s: đạt %(met)s/%(total)s tiêu chí") % {
            "period": period_label(found.period),
            "met": found.met,
            "total": found.total,
        }
    return FiguresView(
        outcome=found.outcome,
        head=head,
        open=tuple(
            (f"{one.criterion.number}. {localname(one.criterion)}", str(outcome_label(one.outcome)))
            for one in found.open
        ),
        against=found.against,
        illustrative=found.illustrative,
        unverified=found.unverified,
        judged=found.judged,
        late=found.late,
    )


def conditions_of(basis: RecognitionBasis | None) -> tuple[ConditionRow, ...]:
    """The checklist of a record; one that was loaded from a publication has none."""
    if basis is None:
        return ()
    return tuple(
        ConditionRow(
            condition_label(name),
            CONDITION_OUTCOMES[ConditionState(getattr(basis, name))],
            str(ConditionState(getattr(basis, name)).label),
        )
        for name in ("satisfaction", "no_debt", "security")
    )


def then_text(basis: RecognitionBasis) -> str:
    """What the figures said when the decision was recorded."""
    if not basis.outcome:
        return _("khi ghi chưa có số liệu đã duyệt của kỳ nào đến ngày quyết định")
    numbers = ", ".join(str(number) for number, _outcome in basis.open_criteria)
    words = {
        "period": period_label(basis.period),
        "met": basis.criteria_met,
        "total": basis.criteria_total,
        "numbers": numbers,
    }
    if numbers:
        return _("%(period)s: đạt %(met)s/%(total)s tiêu chí, chưa đạt: %(numbers)s") % words
    return _("%(period)s: đạt %(met)s/%(total)s tiêu chí") % words


def news_of(page: RecordPage) -> str:
    """That decision and figures say different things on the day."""
    if page.state != IN_FORCE or not page.figures.against:
        return ""
    return _("Xã đang được công nhận ở mức này, nhưng số liệu của kỳ chưa đủ mọi tiêu chí.")


def record_context(page: RecordPage) -> dict[str, Any]:
    """Everything that `indicators/recognition.html` shows."""
    row = page.recognition
    icon, css = STATE_LOOKS[page.state]
    return {
        "page": page,
        "record": row,
        "unit": unit_text(page.unit),
        "decided": decided_text(row),
        "state": state_label(page.state),
        "state_icon": icon,
        "state_class": css,
        "conditions": conditions_of(page.basis),
        "figures": figures_view(page.figures),
        "then": then_text(page.basis) if page.basis else "",
        "news": news_of(page),
        "watch": watch_view(page.watch, page.day) if page.watch else None,
        "rule_decision": DECISION,
        "events": [event_line(event) for event in page.events],
    }


def event_line(event: Any) -> EventLine:
    """A step as the page tells it."""
    icon, text = {
        Kind.RECOGNITION_ISSUED: ("rosette-discount-check", pgettext("event", "Ghi quyết định công nhận")),
        Kind.RECOGNITION_WITHDRAWN: ("ban", pgettext("event", "Ghi quyết định thu hồi")),
        Kind.RECOGNITION_ANNULLED: ("x", pgettext("event", "Hủy bản ghi")),
    }.get(Kind(event.kind), ("point", event.kind_label))
    details = event.details
    return EventLine(
        icon, text, event.actor_name, event.at, details.get("reason", "") or details.get("difference_reason", "")
    )
