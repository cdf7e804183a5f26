"""The queue of norms as its page reads it: what is used now, who sets it, and how many results rest on it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indicators.models import CriteriaSet
from indicators.presenters.criterion import region_text
from indicators.presenters.norm_words import level_text, place_text, set_by_text
from indicators.selectors.norm_queue import MISSING, Queue, QueueItem
from mongcai_portal.common.links import link
from mongcai_portal.common.templatetags.portal import localname


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A norm to be entered."""

    missing: bool
    code: str
    name: str
    part: str
    criterion: str
    now: str
    place: str
    office: str
    set_by: str
    results: int
    results_text: str
    url: str


@dataclass(frozen=True, slots=True)
class QueueGroup:
    """The norms of one set."""

    title: str
    decision: str
    code: str
    draft: bool
    lines: tuple[QueueLine, ...]


def queue_groups(queue: Queue) -> list[QueueGroup]:
    """The queue, set by set."""
    groups: dict[int, list[QueueLine]] = {}
    heads: dict[int, CriteriaSet] = {}
    for item in queue.items:
        heads[item.criteria_set.pk] = item.criteria_set
        groups.setdefault(item.criteria_set.pk, []).append(_line(item))
    return [
        QueueGroup(
            localname(heads[pk].level),
            heads[pk].decision,
            heads[pk].code,
            heads[pk].status == CriteriaSet.Status.DRAFT,
            tuple(lines),
        )
        for pk, lines in groups.items()
    ]


def _line(item: QueueItem) -> QueueLine:
    missing = item.kind == MISSING
    indicator = item.version.indicator
    if missing:
        years = ", ".join(str(year) for year in item.years)
        place = " · ".join(
            text for text in (region_text(item.region), _("năm %(year)s") % {"year": years} if years else "") if text
        )
        results = ngettext(
            "%(n)s kết quả còn để ngỏ hoặc theo phòng ban",
            "%(n)s kết quả còn để ngỏ hoặc theo phòng ban",
            item.results,
        )
    else:
        norm = item.norm
        place = place_text(norm.region, norm.year, norm.commune_group, norm.valid_from) if norm else ""
        results = ngettext("%(n)s kết quả dựa trên mức này", "%(n)s kết quả dựa trên mức này", item.results)
    return QueueLine(
        missing=missing,
        code=indicator.code,
        name=localname(item.version),
        part=localname(item.asked) if item.asked.part else "",
        criterion=f"{indicator.criterion.number}. {localname(indicator.criterion)}",
        now=level_text(item.norm.value, item.comparison, item.asked.unit) if item.norm else "",  # type: ignore[arg-type]
        place=place,
        office=localname(indicator.office),
        set_by=set_by_text(indicator.level_set_by),
        results=item.results,
        results_text=results % {"n": item.results},
        url=link("norm_enter", item.version.pk, part=item.asked.part, region=item.region, year=item.year),
    )
