"""All fields of a report together: what a template may say, and what it says of one report."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import override

from programmes.reports import letterhead
from programmes.reports.letterhead import Letterhead
from programmes.reports.registry import sections
from programmes.reports.shapes import Group, Picture, complete
from programmes.reports.snapshot import Snapshot, data_of

LANGUAGE = "vi"  # an administrative document is in Vietnamese, whoever asks for it


def shape() -> Group:
    """Return every field that a template may name."""
    pictures = {code: Picture(meaning) for section in sections() for code, meaning in section.pictures.items()}
    return {
        "report": letterhead.SHAPE,
        **{section.code: section.shape() for section in sections()},
        "charts": pictures,
    }


def area_name(snapshot: Snapshot) -> str:
    """Return how the document calls its area: `thành phố Móng Cái`, `xã Hải Sơn`."""
    area = snapshot["area"]
    kind = {"city": "thành phố", "commune": "xã", "ward": "phường", "province": "tỉnh", "special_zone": "đặc khu"}
    return f"{kind.get(area['kind'], 'khu vực')} {area['vi']}"


def texts(snapshot: Snapshot, head: Letterhead, *, written_on: date) -> dict[str, Any]:
    """Return what each field says, in Vietnamese; pictures are left to whoever draws them."""
    with override(LANGUAGE):
        view: dict[str, Any] = {
            section.code: section.view(data)
            for section in sections()
            if (data := data_of(snapshot, section.code)) is not None
        }
        view["report"] = letterhead.view(
            head,
            area=area_name(snapshot),
            since=date.fromisoformat(snapshot["since"]),
            until=date.fromisoformat(snapshot["until"]),
            written_on=written_on,
        )
        return complete(view, {name: inner for name, inner in shape().items() if name != "charts"})  # type: ignore[no-any-return]
