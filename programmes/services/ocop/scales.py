"""Loading the scales, groups and authorities of OCOP from their file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import record
from mongcai_portal.common.errors import Invalid
from mongcai_portal.common.fields import FieldReader
from mongcai_portal.common.models import Provenance, Source
from mongcai_portal.common.reference import Changes, read_yaml, sync_rows
from mongcai_portal.common.sources import load_sources
from programmes.models import OcopAuthority, OcopBand, OcopGroup, OcopPart, OcopScale
from programmes.rules.ocop import LEVELS, PARTS

FILE = Path(__file__).parents[2] / "data" / "ocop_scales.yaml"
_SCALE = (
    "decision", "valid_from", "valid_to", "points_a", "points_b", "points_c", "certificate_months", "counted_from",
    "provenance", "sources", "note_vi", "note_en",
)  # fmt: skip
_PART = ("name_vi", "name_en", "items_vi", "items_en", "provenance", "source")
_GROUP = ("name_vi", "name_en", "decision", "position", "valid_from", "valid_to", "provenance", "source")


class _Reader(FieldReader):
    def __init__(self, raw: Mapping[str, Any]) -> None:
        super().__init__()
        self.known = set(Source.objects.values_list("code", flat=True))
        self.scales = [self.scale(row, f"scales/{at}") for at, row in enumerate(self.rows(raw, "scales", ""))]
        self.groups = [self.group(row, at) for at, row in enumerate(self.rows(raw, "groups", ""))]
        self.follows = {row.get("code"): row["follows"] for row in self.rows(raw, "groups", "") if row.get("follows")}
        self.authorities = [
            self.authority(row, f"authorities/{at}") for at, row in enumerate(self.rows(raw, "authorities", ""))
        ]
        self.apart(self.scales)
        codes: set[Any] = set()
        for at, group in enumerate(self.groups):
            self.once(codes, group.code, f"groups/{at}/code")
            if self.follows.get(group.code, group.code) not in {one.code for one in self.groups}:
                self.fault(f"groups/{at}/follows", "unknown_group", _("Không có nhóm mà nhóm này thay thế."))

    def number(self, row: Mapping[str, Any], key: str, place: str) -> Decimal:
        value = self.need(row, key, place)
        try:
            found = Decimal(str(value))
        except InvalidOperation:
            self.fault(f"{place}/{key}", "not_a_number", _("“%(value)s” không phải là số.") % {"value": value})
            return Decimal(0)
        return found

    def source(self, code: str, place: str) -> str:
        if code and code not in self.known:
            self.fault(place, "unknown_source", _("Không có nguồn “%(code)s”.") % {"code": code})
        return code

    def scale(self, row: Mapping[str, Any], place: str) -> OcopScale:
        points = row.get("points") or {}
        found = {part: self.number(points, part, f"{place}/points") for part in PARTS}
        if sum(found.values()) != 100:
            self.fault(f"{place}/points", "not_a_hundred", _("Điểm các phần phải cộng thành 100."))
        for code in row.get("sources") or ():
            self.source(str(code), f"{place}/sources")
        scale = OcopScale(
            code=self.text(row, "code", place),
            decision=self.text(row, "decision", place),
            valid_from=self.day(row, "valid_from", place),
            valid_to=self.day(row, "valid_to", place, needed=False),
            certificate_months=int(self.number(row, "certificate_months", place)),
            counted_from=int(self.number(row, "counted_from", place)),
            provenance=self.word(row, "provenance", place, Provenance.values),
            sources=list(row.get("sources") or ()),
            note_vi=str(row.get("note_vi") or ""),
            note_en=str(row.get("note_en") or ""),
            **{f"points_{part}": value for part, value in found.items()},
        )
        bands = [
            OcopBand(stars=int(self.number(band, "stars", here)), minimum=self.number(band, "minimum", here))
            for at, band in enumerate(self.rows(row, "bands", place))
            for here in (f"{place}/bands/{at}",)
        ]
        bands.sort(key=lambda band: band.stars)
        rising = all(low.minimum < high.minimum for low, high in zip(bands, bands[1:], strict=False))
        if [band.stars for band in bands] != [1, 2, 3, 4, 5] or bands[0].minimum != 0 or not rising:
            message = _("Các bậc sao phải đủ từ 1 đến 5, bắt đầu từ 0 và cao dần.")
            self.fault(f"{place}/bands", "not_whole", message)
        scale.read_bands = bands  # type: ignore[attr-defined]
        parts = [self.part(part, f"{place}/parts/{at}") for at, part in enumerate(self.rows(row, "parts", place))]
        if [part.code for part in parts] != list(PARTS):
            self.fault(f"{place}/parts", "not_whole", _("Các phần của thang điểm là A, B và C, theo thứ tự."))
        scale.read_parts = parts  # type: ignore[attr-defined]
        return scale

    def part(self, row: Mapping[str, Any], place: str) -> OcopPart:
        return OcopPart(
            code=self.text(row, "code", place),
            name_vi=self.text(row, "name_vi", place),
            name_en=self.text(row, "name_en", place),
            items_vi=str(row.get("items_vi") or ""),
            items_en=str(row.get("items_en") or ""),
            provenance=self.word(row, "provenance", place, Provenance.values),
            source=self.source(str(row.get("source") or ""), f"{place}/source"),
        )

    def group(self, row: Mapping[str, Any], at: int) -> OcopGroup:
        place = f"groups/{at}"
        return OcopGroup(
            code=self.text(row, "code", place),
            name_vi=self.text(row, "name_vi", place),
            name_en=self.text(row, "name_en", place),
            decision=self.text(row, "decision", place),
            position=at + 1,
            valid_from=self.day(row, "valid_from", place, needed=False),
            valid_to=self.day(row, "valid_to", place, needed=False),
            provenance=self.word(row, "provenance", place, Provenance.values),
            source=self.source(str(row.get("source") or ""), f"{place}/source"),
        )

    def authority(self, row: Mapping[str, Any], place: str) -> OcopAuthority:
        return OcopAuthority(
            stars=int(self.number(row, "stars", place)),
            level=self.word(row, "level", place, LEVELS),
            valid_from=self.day(row, "valid_from", place),
            valid_to=self.day(row, "valid_to", place, needed=False),
            provenance=self.word(row, "provenance", place, Provenance.values),
            source=self.source(str(row.get("source") or ""), f"{place}/source"),
        )

    def apart(self, scales: Iterable[OcopScale]) -> None:
        """A day has one scale: two at once would give one council two results."""
        order = sorted(scales, key=lambda one: one.valid_from or date.min)
        for before, after in zip(order, order[1:], strict=False):
            if before.valid_to is None or (after.valid_from is not None and after.valid_from <= before.valid_to):
                message = _("Thang điểm “%(code)s” chồng lên thang trước nó.") % {"code": after.code}
                self.fault(f"scales/{after.code}", "overlap", message)


def load_ocop(*, by: Any, file: Path = FILE) -> Changes:
    """Make the scales, groups and authorities of OCOP equal to the file; `by` None is the system itself.

    A scale or group that the file no longer names stays: assessments and products rest on it.

    Raises:
        Invalid: the file has faults; all are named and nothing is stored.
    """
    with transaction.atomic():
        changes = load_sources()
        reader = _Reader(read_yaml(file))
        if reader.faults:
            raise Invalid(reader.faults)
        stored, done = sync_rows(
            OcopScale.objects.all(), reader.scales, key=lambda row: row.code, fields=_SCALE, keep=True
        )
        changes += done
        scales = [row.pk for row in stored.values()]
        bands, parts = [], []
        for scale in reader.scales:
            read: Any = scale
            for row in (*read.read_bands, *read.read_parts):
                row.scale_id = stored[scale.code].pk
            bands += read.read_bands
            parts += read.read_parts
        _bands, done = sync_rows(
            OcopBand.objects.filter(scale__in=scales),
            bands,
            key=lambda row: (row.scale_id, row.stars),
            fields=("minimum",),
        )
        changes += done
        _parts, done = sync_rows(
            OcopPart.objects.filter(scale__in=scales), parts, key=lambda row: (row.scale_id, row.code), fields=_PART
        )
        changes += done
        groups, done = sync_rows(
            OcopGroup.objects.all(), reader.groups, key=lambda row: row.code, fields=_GROUP, keep=True
        )
        changes += done
        for code, before in reader.follows.items():
            changes += Changes(
                changed=OcopGroup.objects.filter(code=code)
                .exclude(follows=groups[before].pk)
                .update(follows=groups[before].pk)
            )
        _rows, done = sync_rows(
            OcopAuthority.objects.all(),
            reader.authorities,
            key=lambda row: (row.stars, row.level, row.valid_from),
            fields=("valid_to", "provenance", "source"),
        )
        changes += done
        if changes:
            record(
                kind=Kind.REFERENCE_LOADED,
                by=by,
                obj_type="reference",
                obj_id="ocop_scales",
                label=file.name,
                created=changes.created,
                changed=changes.changed,
                deleted=changes.deleted,
            )
    return changes
