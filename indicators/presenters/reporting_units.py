"""Who reports for a period, as pages say it: for each unit yes or no, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from indicators.presenters.lineage import days_text, unit_url
from indicators.presenters.words import period_label, unit_phrase, unit_title
from indicators.rules.reporting import ENDED, REPORTS
from indicators.selectors.reporting_units import Neighbour, ReportingUnit, WhoReports
from mongcai_portal.common.templatetags.portal import date_vi


@dataclass(frozen=True, slots=True)
class Line:
    """A unit of the period."""

    title: str
    url: str
    lived: str
    reports: bool
    why: str
    origin: str
    report_url: str
    status: str
    revision: int


@dataclass(frozen=True, slots=True)
class WhoView:
    """Who reports for a period; `rule` says by what."""

    period: str
    rule: str
    lines: tuple[Line, ...]  # of units that exist on the last day
    ended: tuple[Line, ...]
    basis: str  # of what changed within the period; empty when nothing did


def who_view(found: WhoReports) -> WhoView:
    """Arrange all units of a period."""
    last = date_vi(found.period.ends_on)
    decisions = ", ".join(found.decisions)
    rule = _("Xã tồn tại ngày %(day)s báo cáo cho cả kỳ.") % {"day": last}
    if decisions:
        rule += " " + _("Các bộ tiêu chí (%(decisions)s) áp dụng cho xã nên phường không báo cáo.") % {
            "decisions": decisions
        }
    steps = [n.step for row in found.rows for n in (*row.predecessors, *row.successors)]
    return WhoView(
        period_label(found.period.code),
        rule,
        tuple(_line(row, last) for row in found.rows if row.duty != ENDED),
        tuple(_line(row, last) for row in found.rows if row.duty == ENDED),
        "; ".join(dict.fromkeys(step.legal_basis for step in steps)),
    )


def _line(row: ReportingUnit, last: str) -> Line:
    version = row.version
    if row.duty == REPORTS:
        why = _("Báo cáo")
    elif row.duty == ENDED:
        why = _("Không báo cáo: không còn tồn tại ngày %(day)s") % {"day": last}
    elif version.kind == "ward":
        why = _("Không báo cáo: là phường")
    else:
        why = _("Không báo cáo: không phải là xã")
    return Line(
        title=unit_title(version, version.kind),
        url=unit_url(row.uid, None if row.duty == ENDED else version.valid_from),
        lived=days_text(version.valid_from, version.valid_to),
        reports=row.duty == REPORTS,
        why=why,
        origin=origin_text(row),
        report_url=reverse("report_entry", args=[row.report.pk]) if row.report else "",
        status=row.report.status if row.report else "",
        revision=row.report.revision if row.report else 1,
    )


def origin_text(row: ReportingUnit) -> str:
    """Where a unit came from, or went, within the period."""
    if row.duty == ENDED and row.successors:
        return _("từ ngày %(day)s thuộc %(names)s") % {
            "day": date_vi(row.successors[0].step.effective_on), "names": _names(row.successors),
        }  # fmt: skip
    if row.predecessors:
        words = {"day": date_vi(row.predecessors[0].step.effective_on), "names": _names(row.predecessors)}
        began = row.version.valid_from == row.predecessors[0].step.effective_on
        return (_("hình thành ngày %(day)s từ %(names)s") if began else _("ngày %(day)s nhận thêm %(names)s")) % words
    return ""


def report_note(row: ReportingUnit, last_day: object) -> str:
    """What a report's page says of a unit that was formed within the period."""
    words = {
        "unit": unit_title(row.version, row.version.kind),
        "day": date_vi(last_day),
        "origin": origin_text(row),
        "basis": row.predecessors[0].step.legal_basis,
    }
    return _(
        "%(unit)s báo cáo cho cả kỳ vì là xã tồn tại ngày %(day)s; %(origin)s (%(basis)s). "
        "Số liệu của các đơn vị cũ không tự cộng vào báo cáo này: hãy nhập số của toàn địa bàn."
    ) % words  # fmt: skip


def _names(rows: Iterable[Neighbour]) -> str:
    return ", ".join(unit_phrase(n.version, n.version.kind) if n.version else "…" for n in rows)
