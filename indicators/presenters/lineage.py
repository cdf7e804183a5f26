"""Lineage, groups and zones of a unit as its page reads them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from communes.models import UnitGroupMember, UnitSuccession, UnitZone
from communes.selectors.lineage import Relative
from indicators.presenters.words import local, unit_phrase, unit_title, zone_text
from mongcai_portal.common.links import link
from mongcai_portal.common.templatetags.portal import date_vi

Kind = UnitSuccession.Kind


@dataclass(frozen=True, slots=True)
class Node:
    """A predecessor or successor, what happened between, and its own relatives further on."""

    title: str
    url: str  # empty when the reader may not open it
    lived: str
    what: str
    day: date
    legal_basis: str
    provenance: str
    source: str
    later: bool  # after the day that the page shows
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class DatedLine:
    """A group or zone and its days."""

    name: str
    days: str
    state: str  # now, past or later
    provenance: str
    source: str
    note: str


def unit_url(uid: str, day: date | None = None) -> str:
    """The address of a unit's page, on a day."""
    return link("unit", uid, as_of=day)


def days_text(start: date | None, end: date | None) -> str:
    """A span of days as read."""
    if start and end:
        return _("từ %(start)s đến %(end)s") % {"start": date_vi(start), "end": date_vi(end)}
    if start:
        return _("từ %(start)s") % {"start": date_vi(start)}
    return _("đến %(end)s") % {"end": date_vi(end)} if end else ""


def step_text(kind: str, *, back: bool) -> str:
    """What happened between a unit and one of its relatives, from the unit's side."""
    if back:
        return {Kind.MERGE: _("nhập từ"), Kind.SPLIT: _("tách từ"), Kind.RENAME: _("đổi tên từ")}[Kind(kind)]
    return {Kind.MERGE: _("nhập vào"), Kind.SPLIT: _("tách ra thành"), Kind.RENAME: _("đổi tên thành")}[Kind(kind)]


def nodes(relatives: Iterable[Relative], day: date, *, back: bool) -> tuple[Node, ...]:
    """Arrange relatives; a predecessor is opened on its last day before the step, a successor on its first."""
    return tuple(
        Node(
            title=unit_title(r.version, r.version.kind) if r.version else r.uid,
            url=unit_url(r.uid, r.effective_on - timedelta(days=1) if back else r.effective_on) if r.seen else "",
            lived=days_text(r.version.valid_from, r.version.valid_to) if r.version else "",
            what=step_text(r.kind, back=back),
            day=r.effective_on,
            legal_basis=r.legal_basis,
            provenance=r.provenance,
            source=r.source,
            later=r.effective_on > day,
            nodes=nodes(r.relatives, day, back=back),
        )
        for r in relatives
    )


def phrases(relatives: Iterable[Relative]) -> str:
    """Relatives inside a sentence: `xã Bắc Sơn, xã Hải Sơn`."""
    return ", ".join(unit_phrase(r.version, r.version.kind) if r.version else r.uid for r in relatives)


def group_line(row: UnitGroupMember, day: date) -> DatedLine:
    """A membership as read; it lasts as long as both itself and the group."""
    group = row.group
    start = max((d for d in (row.valid_from, group.valid_from) if d), default=None)
    end = min((d for d in (row.valid_to, group.valid_to) if d), default=None)
    return DatedLine(
        local(group), days_text(start, end), state_of(start, end, day), group.provenance, group.source, group.note
    )


def zone_line(row: UnitZone, day: date) -> DatedLine:
    """A zone as read."""
    return DatedLine(
        zone_text(row.zone),
        days_text(row.valid_from, row.valid_to),
        state_of(row.valid_from, row.valid_to, day),
        row.provenance,
        row.source,
        "",
    )


def state_of(start: date | None, end: date | None, day: date) -> str:
    """Whether a span holds on a day: now, past or later."""
    if end is not None and end < day:
        return "past"
    return "later" if start is not None and start > day else "now"
