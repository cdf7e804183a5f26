"""Lists in which a household may have been seen, as its page of looks tells them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from communes.forms.registry import STATES
from communes.models.poverty import PovertyStatus
from communes.selectors.household_lists import ListSeen
from mongcai_portal.audit.context import Channel
from mongcai_portal.common.templatetags.portal import date_vi


@dataclass(frozen=True, slots=True)
class ListLine:
    """Who read which list when, and what it was narrowed to."""

    at: datetime
    who: str
    what: str
    narrowed: str


def list_lines(lists: Iterable[ListSeen]) -> list[ListLine]:
    return [ListLine(one.at, one.who, _what(one), ", ".join(_narrowed(one.asked))) for one in lists]


def _what(one: ListSeen) -> str:
    if one.round_id:
        return _("đã mở danh sách đợt rà soát có hộ này")
    if one.channel == Channel.API:
        return _("đã đọc qua API danh sách có hộ này")
    return _("đã mở danh sách có hộ này")


def _narrowed(asked: dict[str, Any]) -> Iterable[str]:
    states = {code: str(label) for code, label in STATES}
    if asked.get("village"):
        yield _("một thôn")
    if asked.get("state") in states:
        yield states[asked["state"]]
    status = str(asked.get("of_class", "")).partition(":")[2]
    if status in PovertyStatus.values:
        yield str(PovertyStatus(status).label)
    if day := parse_date(str(asked.get("as_of", ""))):
        yield _("ngày %(day)s") % {"day": date_vi(day)}
    if asked.get("searched"):
        yield _("có tìm kiếm")
    if asked.get("pages", "1") != "1":
        yield _("trang %(pages)s") % {"pages": asked["pages"]}
