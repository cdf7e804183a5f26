"""What needs attention: one line each, with a link to where it is settled."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indicators.presenters.marks import marks_of
from indicators.presenters.register import arithmetic
from indicators.presenters.words import period_label, unit_text
from indicators.rules.comparators import missed_from_above
from indicators.rules.freshness import Late
from indicators.rules.marks import Marks, together
from indicators.rules.withdrawal import DECISION
from mongcai_portal.common.links import link
from mongcai_portal.common.numbers import format_decimal
from mongcai_portal.common.templatetags.portal import date_vi
from programmes.measures.facts import HOME_AREA, LevelFact, RecognitionFact, SetFact
from programmes.measures.values import MeasureValue
from programmes.measures.words import amount, language
from programmes.models import Task
from programmes.presenters.attention_lines import Attention, Told
from programmes.presenters.attention_ocop import ocop_lines
from programmes.presenters.members import both_counts, differing_lines
from programmes.presenters.text import name_of
from programmes.selectors.overview import Overview
from programmes.selectors.period_states import PeriodState
from programmes.selectors.shorts import Gap, Short
from programmes.selectors.slips import Slip
from programmes.selectors.targets import PlanRow


class AttentionList:
    """All that needs attention, the most pressing first; only what is asked for is put into words."""

    def __init__(self, found: Overview, *, today: date) -> None:
        self._all: list[Told] = [
            *_evaluations(found),
            *_withdrawals(found),
            *_differing(found),
            *_slipping(found),
            *_tasks(found),
            *_reports(found, today),
            *_targets(found),
            *_expiring(found),
            *ocop_lines(found),
            *_norms(found),
        ]

    def __len__(self) -> int:
        return len(self._all)

    def told(self, first: int, last: int) -> list[Attention]:
        """Tell from which to which."""
        return [tell() for tell in self._all[first:last]]


def _evaluations(found: Overview) -> list[Told]:
    n = found.failed_evaluations
    if not n:
        return []
    return [
        lambda: Attention(
            "alert-triangle",
            "unmet",
            ngettext("%(n)s lần tính kết quả không thành công", "%(n)s lần tính kết quả không thành công", n)
            % {"n": n},
            _("Cổng tự tính lại; kết quả đang xem là của lần tính trước"),
            link("attainment", as_of=found.world.as_of, level=_lowest(found)),
        )
    ]


def _lowest(found: Overview) -> str:
    return next((level.code for level in found.levels if level.published_set), "")


def _differing(found: Overview) -> list[Told]:
    """Where recognition and the figures differ is news: a line a level, with both counts."""
    items: list[Told] = []
    for level in found.levels:
        recognised, attained = (found.values[f"ntm.{side}.{level.code}"] for side in ("recognised", "attained"))
        lines = differing_lines(recognised, attained) if None not in (recognised.value, attained.value) else ()
        if lines:
            items.append(partial(_differs, found, recognised, attained, lines))
    return items


def _differs(found: Overview, recognised: MeasureValue, attained: MeasureValue, lines: tuple[str, ...]) -> Attention:
    area = found.world.area
    return Attention(
        "arrows-diff",
        "unmet" if recognised.counted - attained.counted - attained.unknown else "part",
        f"{recognised.label}: {both_counts(recognised, attained)}",
        " · ".join(lines),
        link(
            "measure",
            attained.code,
            as_of=found.world.as_of,
            unit=area.uid if area.kind == "commune" else "",
        ),
        attained.marks,
        late=attained.late,
    )


def gap_text(gap: Gap) -> str:
    """How far an indicator is from its norm: `17.1 Tỷ lệ hộ …: thiếu 3,2 điểm phần trăm`, `9.1 Nhà tạm: vượt 3 nhà`."""
    name = f"{gap.code} {name_of(gap)}"
    if gap.gap is not None and gap.gap < 0:
        unit = unit_text(gap.unit)
        number = format_decimal(-gap.gap, language(), grouping=True)
        short = _("%(number)s điểm phần trăm") % {"number": number} if unit == "%" else f"{number} {unit}".strip()
        if missed_from_above(gap.comparison, gap.norm):
            return _("%(name)s: vượt %(over)s") % {"name": name, "over": short}
        return _("%(name)s: thiếu %(short)s") % {"name": name, "short": short}
    return {
        "no_data": _("%(name)s: chưa có số liệu"),
        "undetermined": _("%(name)s: chưa xác định"),
    }.get(gap.outcome, _("%(name)s: chưa đạt")) % {"name": name}


def _withdrawals(found: Overview) -> list[Told]:
    """Recognitions under the withdrawal rule: a warning with its arithmetic, no act."""
    return [partial(_withdrawal, found, slip) for slip in found.slips if slip.reading.warns]


def _withdrawal(found: Overview, slip: Slip) -> Attention:
    name = name_of(found.world.places[slip.recognition.unit_id])
    return Attention(
        "alert-triangle",
        "unmet",
        _("%(name)s: cần xem xét thu hồi công nhận (%(sum)s)")
        % {"name": name, "sum": arithmetic(slip.reading, slip.named)},
        _("%(level)s · %(decision)s · cổng chỉ cảnh báo, tỉnh quyết định")
        % {"level": _level_name(slip.recognition), "decision": DECISION},
        link("recognition", slip.recognition.id, as_of=found.world.as_of),
        _marks(found, slip.recognition.unit_id, slip.failed),
        late=_late(found, slip.recognition.unit_id),
    )


def _marks(found: Overview, unit_id: int, results: Iterable[object]) -> Marks:
    """What the results of a unit rest on, and whether its report is illustrative."""
    report = found.world.last_report(unit_id, found.world.as_of)
    return together(marks_of(one) for one in results) | Marks(illustrative=bool(report and report.illustrative))


def _late(found: Overview, unit_id: int) -> Late | None:
    return found.world.late_on([unit_id], found.world.as_of)


def _level_name(row: RecognitionFact) -> str:
    return row.level_name_en if language() == "en" else row.level_name_vi


def _slipping(found: Overview) -> list[Told]:
    """Recognised units whose figures fall short: what was met at recognition has slipped, the rest never was."""
    return [partial(_short, found, short) for short in found.shorts]


def _short(found: Overview, short: Short) -> Attention:
    slid = [c.number for c in short.slip.slipped] if short.slip else []
    never = sorted({c.number for c in short.open_now} - set(slid))
    gaps = short.gaps or ()
    detail = [gap_text(gap) for gap in gaps[:2]]
    if len(gaps) > 2:
        detail[-1] += " …"
    if short.slip:
        detail.append(_recognised_as(short.slip))
    place = found.world.places[short.unit_id]
    return Attention(
        "trending-down",
        "unmet",
        _slipping_title(name_of(place), slid, never),
        " · ".join(detail),
        link("attainment_unit", place.uid, as_of=found.world.as_of, level=short.level),
        _marks(found, short.unit_id, gaps or (short.slip.failed if short.slip else short.open_now)),
        _assign_criterion((slid or never)[0], short.level, place.uid),
        _late(found, short.unit_id),
    )


def _assign_criterion(number: int, level: str, uid: str) -> str:
    """Where a task about a criterion of a commune is given; of several the first, which the form names."""
    return link("task_new", criterion=number, level=level, unit=uid)


def _tasks(found: Overview) -> list[Told]:
    """Tasks of the area whose deadline is over today: one line, with the first by name."""
    return [partial(_overdue, found)] if found.overdue.count else []


def _overdue(found: Overview) -> Attention:
    late, area = found.overdue, found.world.area
    named = [
        _("%(title)s (hạn %(day)s)") % {"title": task_title(one), "day": date_vi(one.due_on)} for one in late.first
    ]
    if late.count > len(named):
        named[-1] += " …"
    return Attention(
        "alert-triangle",
        "unmet",
        ngettext("%(n)s nhiệm vụ quá hạn", "%(n)s nhiệm vụ quá hạn", late.count) % {"n": late.count},
        " · ".join(named),
        link("task_list", view="list", standing="overdue", unit="" if area.uid == HOME_AREA else area.uid),
        Marks(illustrative=late.illustrative),
    )


def task_title(task: Task) -> str:
    """A task's title in the reader's language."""
    return (task.title_en if language() == "en" else "") or task.title_vi


def _slipping_title(name: str, slid: list[int], never: list[int]) -> str:
    words = {"name": name, "slid": ", ".join(map(str, slid)), "numbers": ", ".join(map(str, never))}
    if slid and never:
        return _("%(name)s: tụt chuẩn tiêu chí %(slid)s; chưa đạt cả tiêu chí %(numbers)s") % words
    if slid:
        text = ngettext("%(name)s: tụt chuẩn tiêu chí %(slid)s", "%(name)s: tụt chuẩn các tiêu chí %(slid)s", len(slid))
        return text % words
    text = ngettext(
        "%(name)s: đã công nhận nhưng số liệu chưa đạt tiêu chí %(numbers)s",
        "%(name)s: đã công nhận nhưng số liệu chưa đạt các tiêu chí %(numbers)s",
        len(never),
    )
    return text % words


def _recognised_as(slip: Slip) -> str:
    row = slip.recognition
    when = str(row.decided_on.year) if row.date_precision == "year" else date_vi(row.decided_on)
    return _("đạt khi công nhận %(level)s (%(when)s)") % {"level": _level_name(row), "when": when}


def _reports(found: Overview, today: date) -> list[Told]:
    return [partial(_period, state, today) for state in found.periods]


def _period(state: PeriodState, today: date) -> Attention:
    overdue = state.period.due_on < today
    words = {"n": state.unapproved, "period": period_label(state.period.code).lower()}
    if overdue:
        title = ngettext(
            "%(n)s báo cáo %(period)s quá hạn phê duyệt", "%(n)s báo cáo %(period)s quá hạn phê duyệt", state.unapproved
        )
    else:
        title = ngettext(
            "%(n)s báo cáo %(period)s chưa được phê duyệt",
            "%(n)s báo cáo %(period)s chưa được phê duyệt",
            state.unapproved,
        )
    parts = [
        (_("%(n)s đang nhập"), state.by_status.get("draft", 0)),
        (_("%(n)s bị trả lại"), state.by_status.get("returned", 0)),
        (_("%(n)s chờ thẩm định"), state.by_status.get("submitted", 0)),
        (_("%(n)s chờ phê duyệt"), state.by_status.get("verified", 0)),
        (_("%(n)s chưa mở"), state.missing),
    ]
    detail = " · ".join(text % {"n": n} for text, n in parts if n)
    due = _("hạn %(day)s") % {"day": date_vi(state.period.due_on)}
    return Attention(
        "clock-exclamation",
        "unmet" if overdue else "part",
        title % words,
        f"{detail} · {due}",
        link("report_list", period=state.period.code),
    )


def _targets(found: Overview) -> list[Told]:
    return [partial(_target, found, row) for row in sorted(found.behind, key=lambda row: not row.late)]


def _target(found: Overview, row: PlanRow) -> Attention:
    value, target = row.value, row.target
    assert value.value is not None, "who is behind has a figure"
    words = {
        "label": f"{name_of(row.place)}: {value.label}" if row.place.id != found.world.area.id else value.label,
        "value": amount(value.unit, value.value),
        "year": target.year,
        "target": amount(value.unit, target.value),
        "day": date_vi(value.own_day or value.as_of),
    }
    title = _("%(label)s: đã qua hạn chỉ tiêu %(year)s") if row.late else _("%(label)s: chậm so với chỉ tiêu %(year)s")
    return Attention(
        "target-arrow",
        "part",
        title % words,
        _("số gần nhất %(value)s, ngày %(day)s; chỉ tiêu %(target)s") % words,
        link("target", target.id, as_of=found.world.as_of),
        assign_url=link(
            "task_new",
            measure=value.code,
            unit=row.place.uid if row.place.kind in ("commune", "ward", "special_zone") else "",
        ),
        late=value.late,
    )


def _expiring(found: Overview) -> list[Told]:
    return [partial(_expires, found, row) for row in found.expiring]


def _expires(found: Overview, row: RecognitionFact) -> Attention:
    return Attention(
        "rosette-discount-check",
        "part",
        _("%(name)s: công nhận hết hiệu lực ngày %(day)s")
        % {"name": name_of(found.world.places[row.unit_id]), "day": date_vi(row.expires_on)},
        _level_name(row),
        link("recognition", row.id, as_of=found.world.as_of),
    )


def _norms(found: Overview) -> list[Told]:
    return [
        partial(_unverified, level, level.published_set)
        for level in found.levels
        if level.published_set and level.published_set.norms_unverified
    ]


def _unverified(level: LevelFact, published: SetFact) -> Attention:
    n = published.norms_unverified
    return Attention(
        "help-circle",
        "none",
        ngettext(
            "%(n)s mức đạt chuẩn chưa đối chiếu với văn bản gốc",
            "%(n)s mức đạt chuẩn chưa đối chiếu với văn bản gốc",
            n,
        )
        % {"n": n},
        _("%(decision)s · %(level)s · kết quả liên quan được đánh dấu")
        % {"decision": published.decision, "level": name_of(level)},
        link("norm_queue", set=published.code, kind="unverified"),
    )
