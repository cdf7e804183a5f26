"""The titles of a unit over time: recognised, expired, withdrawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from communes.selectors.lineage import Relative
from indicators.models import Recognition
from indicators.presenters.register import decided_text
from indicators.presenters.words import local, unit_title
from indicators.rules.titles import holds
from indicators.selectors.commune import CommunePage
from mongcai_portal.common.links import link
from mongcai_portal.common.templatetags.portal import date_vi


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a title."""

    on: date
    day: str
    what: str
    level: str
    number: str
    kind: str  # recognised, expired or withdrawn
    over: bool
    detail: str
    provenance: str
    source: str
    note: str
    unit: str = ""
    url: str = ""


def act_number(act: Recognition) -> str:
    """The number of a decision, or that it is not known."""
    return act.decision_number or _("chưa rõ số quyết định")


def events(page: CommunePage, acts: Iterable[Recognition], *, before: bool = False) -> tuple[Event, ...]:
    """What happened to titles by the day, the latest first: recognised, expired, withdrawn.

    A title ends with its unit; `before`: the acts are about predecessors.
    """
    found = []
    for act in acts:
        end = page.lineage.past[act.unit_id] - timedelta(days=1) if before else page.versions[-1].valid_to
        until, ended = min(page.day, end or page.day), end is not None and end < page.day
        common = {
            "level": local(act.level),
            "provenance": act.provenance,
            "source": act.source_title or act.source,  # type: ignore[attr-defined]
            "unit": _predecessor_name(page, act) if before else "",
            # A decision about a predecessor is told to all who see the unit; its record opens in its own scope.
            "url": link("recognition", act.pk, as_of=page.day) if not before or _seen(page, act) else "",
        }
        holding = holds(act, until)
        detail = ""
        if holding and ended:
            detail = _("còn hiệu lực đến khi đơn vị kết thúc, %(day)s") % {"day": date_vi(end)}
        elif holding and act.expires_on:
            detail = _("hiệu lực đến %(day)s") % {"day": date_vi(act.expires_on)}
        elif holding:
            detail = _("còn hiệu lực")
        found.append(
            Event(
                act.decided_on,
                decided_text(act),
                _("Công nhận"),
                number=act_number(act),
                kind="recognised",
                over=not holding or ended,
                detail=detail,
                note=act.note,
                **common,
            )  # fmt: skip
        )
        if act.withdrawn_on and act.withdrawn_on <= until:
            found.append(
                Event(
                    act.withdrawn_on,
                    date_vi(act.withdrawn_on),
                    _("Thu hồi"),
                    number=act.withdrawal_decision,
                    kind="withdrawn",
                    over=False,
                    detail="",
                    note="",
                    **common,
                )  # fmt: skip
            )
        elif act.expires_on and act.expires_on <= until:
            found.append(
                Event(
                    act.expires_on,
                    date_vi(act.expires_on),
                    _("Hết hiệu lực"),
                    number="",
                    kind="expired",
                    over=False,
                    detail="",
                    note="",
                    **common,
                )  # fmt: skip
            )
    return tuple(sorted(found, key=lambda e: e.on, reverse=True))


def _predecessor_name(page: CommunePage, act: Recognition) -> str:
    relative = _predecessor(page, act)
    return unit_title(relative.version, relative.version.kind) if relative and relative.version else str(act.unit.uid)


def _seen(page: CommunePage, act: Recognition) -> bool:
    relative = _predecessor(page, act)
    return relative is not None and relative.seen


def _predecessor(page: CommunePage, act: Recognition) -> Relative | None:
    waiting = list(page.lineage.predecessors)
    while waiting:
        relative = waiting.pop(0)
        if relative.unit_id == act.unit_id:
            return relative
        waiting.extend(relative.relatives)
    return None
