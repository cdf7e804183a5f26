"""Loading units, offices and groups from the reference files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import transaction

from communes.models import Office, Unit, UnitGroup, UnitGroupMember, UnitSuccession, UnitVersion, UnitZone
from communes.services.units_file import DATA, read_units
from communes.services.units_rows import UnitsData
from communes.services.villages import carry_villages
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import record
from mongcai_portal.common.models import Provenance
from mongcai_portal.common.reference import Changes, sync_rows
from mongcai_portal.common.sources import load_sources
from mongcai_portal.common.text import nfc, search_key, sort_key


def load_units(*, by: Any, folder: Path = DATA) -> Changes:
    """Make units, offices, groups and sources equal to the files; `by` None is the system itself.

    Units keep their identity; dated rows of the units in the files follow the files, those of other units are left.

    Raises:
        Invalid: the files have faults; all are named and nothing is stored.
    """
    data = read_units(folder)
    with transaction.atomic():
        changes = load_sources(data.sources) + _offices(data)
        units, done = _units(data)
        changes += done + _successions(data, units) + _groups(data, units)
        carry_villages(by=by)
        if changes:
            record(
                kind=Kind.REFERENCE_LOADED,
                by=by,
                obj_type="reference",
                obj_id="units",
                label="communes/data",
                created=changes.created,
                changed=changes.changed,
                deleted=changes.deleted,
            )
    return changes


def _offices(data: UnitsData) -> Changes:
    _, changes = sync_rows(
        Office.objects.all(),
        # Which office judges what was not published: the assignment is customary (offices.yaml).
        [Office(**row, sort_key=sort_key(row["name_vi"]), provenance=Provenance.UNVERIFIED) for row in data.offices],
        key=lambda office: office.code,
        fields=("name_vi", "name_en", "sort_key", "provenance"),
        keep=True,
    )
    return changes


def _units(data: UnitsData) -> tuple[dict[str, int], Changes]:
    uids = list(dict.fromkeys(row.uid for row in data.versions))
    stored, changes = sync_rows(
        Unit.objects.filter(uid__in=uids), [Unit(uid=uid) for uid in uids], key=lambda unit: unit.uid, fields=("uid",)
    )
    ids = {unit.uid: unit.pk for unit in stored.values()}
    versions = [
        UnitVersion(
            unit_id=ids[row.uid],
            name_vi=nfc(row.name_vi),
            name_en=row.name_en,
            kind=row.kind,
            official_code=row.official_code,
            parent_id=ids[row.parent] if row.parent else None,
            region=data.region,
            search_key=search_key(row.name_vi),
            sort_key=sort_key(row.name_vi),
            tile_row=row.tile[0],
            tile_column=row.tile[1],
            provenance=row.provenance,
            source=row.source,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
        for row in data.versions
    ]
    _, done = sync_rows(
        UnitVersion.objects.filter(unit__in=ids.values()),
        versions,
        key=lambda v: (v.unit_id, v.valid_from),
        fields=(
            "name_vi", "name_en", "kind", "official_code", "parent_id", "region", "search_key", "sort_key",
            "tile_row", "tile_column", "provenance", "source", "valid_to",
        ),
    )  # fmt: skip
    zones = [
        UnitZone(
            unit_id=ids[row.uid],
            zone=row.zone,
            provenance=row.provenance,
            source=row.source,
            note=row.note,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
        for row in data.zones
    ]
    _, more = sync_rows(
        UnitZone.objects.filter(unit__in=ids.values()),
        zones,
        key=lambda z: (z.unit_id, z.zone, z.valid_from),
        fields=("provenance", "source", "note", "valid_to"),
    )
    return ids, changes + done + more


def _successions(data: UnitsData, ids: dict[str, int]) -> Changes:
    _, changes = sync_rows(
        UnitSuccession.objects.filter(predecessor__in=ids.values(), successor__in=ids.values()),
        [
            UnitSuccession(
                predecessor_id=ids[row.predecessor],
                successor_id=ids[row.successor],
                effective_on=row.effective_on,
                kind=row.kind,
                legal_basis=row.legal_basis,
                provenance=row.provenance,
                source=row.source,
            )
            for row in data.successions
        ],
        key=lambda s: (s.predecessor_id, s.successor_id, s.effective_on),
        fields=("kind", "legal_basis", "provenance", "source"),
    )
    return changes


def _groups(data: UnitsData, ids: dict[str, int]) -> Changes:
    stored, changes = sync_rows(
        UnitGroup.objects.filter(code__in=[row.code for row in data.groups]),
        [
            UnitGroup(
                code=row.code,
                name_vi=row.name_vi,
                name_en=row.name_en,
                provenance=row.provenance,
                source=row.source,
                note=row.note,
                valid_from=row.valid_from,
                valid_to=row.valid_to,
            )
            for row in data.groups
        ],
        key=lambda group: group.code,
        fields=("name_vi", "name_en", "provenance", "source", "note", "valid_from", "valid_to"),
    )
    groups = {group.code: group.pk for group in stored.values()}
    _, done = sync_rows(
        UnitGroupMember.objects.filter(group__in=groups.values(), unit__in=ids.values()),
        [
            UnitGroupMember(group_id=groups[row.code], unit_id=ids[m.uid], valid_from=m.valid_from, valid_to=m.valid_to)
            for row in data.groups
            for m in row.members
        ],
        key=lambda m: (m.group_id, m.unit_id, m.valid_from),
        fields=("valid_to",),
    )
    return changes + done
