"""The page of a unit: where it stands, what it lacks, its titles, reports, groups, zones and history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from indicators.models import Level, Report
from indicators.presenters.lineage import (
    DatedLine,
    Node,
    days_text,
    group_line,
    nodes,
    phrases,
    unit_url,
    zone_line,
)
from indicators.presenters.missing import MissingGroup, missing_groups
from indicators.presenters.register import WatchView, decided_text, watch_view
from indicators.presenters.titles import Event, act_number, events
from indicators.presenters.words import local, period_label, unit_phrase, unit_title
from indicators.rules.missing import next_level
from indicators.rules.titles import holds
from indicators.rules.types import MET, Standing
from indicators.selectors.commune import CommunePage
from mongcai_portal.common.links import link
from mongcai_portal.common.templatetags.portal import date_vi


@dataclass(frozen=True, slots=True)
class LevelCard:
    """A level: what the figures give, and the decision that holds."""

    code: str
    name: str
    decision: str  # of the criteria set; empty when none is published
    outcome: str  # empty without an approved report
    met: int
    total: int
    indicators: str
    unverified: bool
    judged: bool
    recognised: str
    act_provenance: str
    act_source: str
    differs: str
    url: str


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A report of the unit; its status is today's."""

    report: Report
    period: str
    url: str
    approved: str


@dataclass(frozen=True, slots=True)
class Absence:
    """That the unit does not exist on the day, why, and where to go instead."""

    text: str
    links: tuple[tuple[str, str], ...]
    back: str
    back_day: str


@dataclass(frozen=True, slots=True)
class View:
    """Everything on the page."""

    title: str
    facts: tuple[str, ...]
    code_note: str
    absence: Absence | None
    not_judged: str
    levels: tuple[LevelCard, ...]
    chosen: LevelCard | None
    missing: tuple[MissingGroup, ...]
    missing_count: int
    lower: str
    all_met: str
    events: tuple[Event, ...]
    past_events: tuple[Event, ...]
    watched: tuple[WatchView, ...]
    reports: tuple[ReportLine, ...]
    later_reports: tuple[ReportLine, ...]
    groups: tuple[DatedLine, ...]
    zones: tuple[DatedLine, ...]
    predecessors: tuple[Node, ...]
    successors: tuple[Node, ...]
    names: tuple[tuple[str, str, str], ...]
    children: tuple[tuple[str, str], ...]
    explain_url: str


def view_of(page: CommunePage, level: str = "") -> View:
    """Arrange the page; `level` is the one asked for, else the next that is not attained."""
    cards = tuple(_card(one, page) for one in page.levels) if page.reports_on_criteria else ()
    standing = _chosen(page, level)
    chosen = next((c for c in cards if standing and c.code == standing.spec.level), None)
    groups = missing_groups(standing, page.computed) if standing and page.computed else ()
    reports = [_report(r) for r in page.reports]
    return View(
        title=unit_title(page.nearest, page.nearest.kind),
        facts=_facts(page),
        code_note=_code_note(page),
        absence=_absence(page),
        not_judged=_not_judged(page),
        levels=cards,
        chosen=chosen,
        missing=groups,
        missing_count=sum(len(group.lines) for group in groups),
        lower=_lower(standing),
        all_met=_all_met(page, level, cards),
        events=events(page, page.acts),
        past_events=events(page, page.past_acts, before=True),
        watched=tuple(watch_view(watch, page.day) for watch in page.watched),
        reports=tuple(r for r in reports if r.report.period.ends_on <= page.day),
        later_reports=tuple(r for r in reports if r.report.period.ends_on > page.day),
        groups=tuple(group_line(m, page.day) for m in page.memberships),
        zones=tuple(zone_line(z, page.day) for z in page.zones),
        predecessors=nodes(page.lineage.predecessors, page.day, back=True),
        successors=nodes(page.lineage.successors, page.day, back=False),
        names=tuple(
            (unit_title(v, v.kind), v.official_code, days_text(v.valid_from, v.valid_to)) for v in page.versions
        ),
        children=tuple((unit_title(u, u.kind), unit_url(u.uid, page.day)) for u in page.children),
        explain_url=_explain_url(page, standing),
    )


# --- Head --------------------------------------------------------------------------------------------------------


def _facts(page: CommunePage) -> tuple[str, ...]:
    version = page.nearest
    kind = {"city": _("thành phố"), "province": _("tỉnh"), "area": _("khu vực thống kê")}.get(version.kind, "")
    code = _("mã %(code)s") % {"code": version.official_code} if version.official_code else ""
    return tuple(
        fact for fact in (kind, code, days_text(page.versions[0].valid_from, page.versions[-1].valid_to)) if fact
    )


def _code_note(page: CommunePage) -> str:
    held = page.code_holders
    if not held or page.version is None:
        return ""
    names = ", ".join(f"{unit_phrase(v, v.kind)} ({days_text(v.valid_from, v.valid_to)})" for v in held)
    return _("Mã %(code)s trước đây là mã của đơn vị khác: %(names)s.") % {
        "code": page.version.official_code,
        "names": names,
    }


def _absence(page: CommunePage) -> Absence | None:
    if page.version is not None:
        return None
    words = {"day": date_vi(page.day), "unit": unit_phrase(page.nearest, page.nearest.kind)}
    first, last = page.versions[0].valid_from, page.versions[-1].valid_to
    if last is not None and last < page.day:
        # A part split off earlier is no reason: what counts is where the rest went when the unit ended.
        near, back = [r for r in page.lineage.successors if r.effective_on > last], last
        text = _("Ngày %(day)s không còn %(unit)s.") % words
        if near:
            text += " " + _("Từ ngày %(since)s, địa bàn thuộc %(names)s theo %(basis)s.") % {
                "since": date_vi(near[0].effective_on), "names": phrases(near), "basis": near[0].legal_basis,
            }  # fmt: skip
    else:
        near, back = [r for r in page.lineage.predecessors if r.effective_on == first], first or page.day
        text = _("Ngày %(day)s chưa có %(unit)s.") % words
        if near:
            text += " " + _("Đơn vị hình thành từ ngày %(since)s, từ %(names)s, theo %(basis)s.") % {
                "since": date_vi(near[0].effective_on), "names": phrases(near), "basis": near[0].legal_basis,
            }  # fmt: skip
    links = tuple(
        (unit_title(r.version, r.version.kind) if r.version else r.uid, unit_url(r.uid, page.day))
        for r in near
        if r.seen
    )
    return Absence(text, links, unit_url(page.unit.uid, back), date_vi(back))


def _not_judged(page: CommunePage) -> str:
    if page.version is None or page.reports_on_criteria:
        return ""
    if page.version.kind == "ward":
        return _(
            "Các bộ tiêu chí nông thôn mới áp dụng cho xã; phường không báo cáo và không được đánh giá theo các bộ này."
        )
    return _("Các bộ tiêu chí nông thôn mới đánh giá từng xã; hãy xem các xã bên dưới.")


# --- Standing ----------------------------------------------------------------------------------------------------


def _card(level: Level, page: CommunePage) -> LevelCard:
    published = level.published[0] if level.published else None  # type: ignore[attr-defined]
    computed = page.computed
    standing = next((s for s in computed.standings if s.spec.level == level.code), None) if computed else None
    held = [a for a in page.acts if a.level.phase == level.phase and holds(a, page.day)]
    own = next((a for a in reversed(held) if a.level_id == level.pk), None)
    higher = next((a for a in reversed(held) if a.level.rank > level.rank), None)
    recognised, act = "", own or higher
    if own:
        recognised = _("công nhận %(day)s, %(number)s") % {"day": decided_text(own), "number": act_number(own)}
    elif higher:
        recognised = _("đã gồm trong công nhận “%(level)s”") % {"level": local(higher.level)}
    return LevelCard(
        code=level.code,
        name=local(level),
        decision=published.decision if published else "",
        outcome=standing.outcome if standing else "",
        met=standing.criteria_met if standing else 0,
        total=standing.criteria_total if standing else 0,
        indicators=f"{standing.indicators_met}/{standing.indicators_total}" if standing else "",
        unverified=standing.unverified if standing else False,
        judged=standing.judged if standing else False,
        recognised=recognised,
        act_provenance=act.provenance if act else "",
        act_source=act.source_title or act.source if act else "",  # type: ignore[attr-defined]
        differs=_differs(bool(act), standing),
        url=f"?as_of={page.day.isoformat()}&level={level.code}#missing",
    )


def _differs(recognised: bool, standing: Standing | None) -> str:
    if standing is None:
        return ""
    if recognised and standing.outcome != MET:
        return _("Đã công nhận, số liệu chưa đủ mọi tiêu chí.")
    if not recognised and standing.outcome == MET:
        return _("Số liệu đủ mọi tiêu chí, chưa được công nhận.")
    return ""


def _chosen(page: CommunePage, level: str) -> Standing | None:
    if page.computed is None:
        return None
    asked = next((s for s in page.computed.standings if s.spec.level == level), None)
    return asked or next_level(page.computed.standings)


def _lower(standing: Standing | None) -> str:
    if standing is None or standing.prerequisite_outcome in (None, MET):
        return ""
    return _("Mức này cần đạt mức thấp hơn trước; mức thấp hơn chưa đạt theo số liệu.")


def _all_met(page: CommunePage, level: str, cards: Iterable[LevelCard]) -> str:
    """What to say when no level is left to attain."""
    if page.computed is None or _chosen(page, level) is not None:
        return ""
    waiting = next((c for c in cards if not c.decision), None)
    if waiting:
        return _("Số liệu đạt mọi mức đã ban hành trên cổng; bộ tiêu chí của mức “%(level)s” chưa được ban hành.") % {
            "level": waiting.name
        }
    return _("Số liệu đạt mọi mức: không còn thiếu gì.")


def _explain_url(page: CommunePage, standing: Standing | None) -> str:
    if standing is None:
        return ""
    return link("attainment_unit", page.unit.uid, as_of=page.day, level=standing.spec.level)


def _report(report: Report) -> ReportLine:
    approved = ""
    if report.approved_at:  # type: ignore[attr-defined]
        approved = _("phê duyệt %(day)s") % {"day": date_vi(report.approved_at)}  # type: ignore[attr-defined]
    return ReportLine(report, period_label(report.period.code), reverse("report_entry", args=[report.pk]), approved)
