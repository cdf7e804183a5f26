"""Reading the files of units, offices and groups into unsaved rows, naming every fault."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from communes.models import UnitKind
from mongcai_portal.common.errors import Invalid
from mongcai_portal.common.fields import FieldReader
from mongcai_portal.common.models import Provenance
from mongcai_portal.common.reference import read_yaml

DATA = Path(__file__).parent.parent / "data"
FILES = ("identities", "units_2021", "units_2025", "offices", "unit_groups")

_KINDS = {"xã": UnitKind.COMMUNE, "phường": UnitKind.WARD, "đặc khu": UnitKind.SPECIAL_ZONE}
_FLAGS = ("ethnic_area", "mountain", "land_border", "coastal", "island")
_ZONES_2016 = {"khu vực I": "khu_vuc_1", "khu vực II": "khu_vuc_2", "khu vực III": "khu_vuc_3"}


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A unit's name, kind, code and place while they held; `parent` is a uid."""

    uid: str
    name_vi: str
    name_en: str
    kind: str
    official_code: str
    parent: str
    provenance: str
    source: str
    valid_from: date | None = None
    valid_to: date | None = None
    tile: tuple[int | None, int | None] = (None, None)


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """A zone of a unit."""

    uid: str
    zone: str
    provenance: str
    source: str
    note: str
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class SuccessionRow:
    """That a unit's territory passed to another."""

    predecessor: str
    successor: str
    effective_on: date
    kind: str
    legal_basis: str
    provenance: str
    source: str


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A named, dated set of units."""

    code: str
    name_vi: str
    name_en: str
    provenance: str
    source: str
    note: str
    valid_from: date | None
    valid_to: date | None
    members: tuple[str, ...]


@dataclass(slots=True)
class UnitsData:
    """All that the files say, ready to be stored."""

    region: str = ""
    versions: list[VersionRow] = field(default_factory=list)
    zones: list[ZoneRow] = field(default_factory=list)
    successions: list[SuccessionRow] = field(default_factory=list)
    groups: list[GroupRow] = field(default_factory=list)
    offices: list[dict[str, str]] = field(default_factory=list)
    sources: list[dict[str, str]] = field(default_factory=list)


class _Reader(FieldReader):
    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.raw = {name: read_yaml(folder / f"{name}.yaml") for name in FILES}
        self.data = UnitsData()
        self.uid_2021: dict[str, str] = {}
        self.seen: set[str] = set()

    def identity(self, uid: str, pointer: str) -> None:
        if not re.fullmatch(r"[a-z0-9-]+", uid):
            self.fault(f"{pointer}/uid", "bad_code", _("Mã “%(code)s” không hợp lệ.") % {"code": uid})
        self.once(self.seen, uid, f"{pointer}/uid")

    def known(self, uid: str | None, pointer: str, name: Any) -> bool:
        if uid is None or uid not in self.seen:
            self.fault(pointer, "unknown_unit", _("Không có đơn vị “%(name)s”.") % {"name": name})
            return False
        return True

    # --- sections -----------------------------------------------------------------------------------------------

    def towns(self) -> None:
        ids = self.raw["identities"]
        self.data.region = ids.get("region") or ""
        for at, town in enumerate(ids["towns"]):
            pointer = f"identities/towns/{at}"
            uid = self.text(town, "uid", pointer)
            self.identity(uid, pointer)
            for number, row in enumerate(town["versions"]):
                spot = f"{pointer}/versions/{number}"
                if row.get("parent"):
                    self.known(row["parent"], f"{spot}/parent", row["parent"])
                self.data.versions.append(
                    VersionRow(
                        uid,
                        self.text(row, "name_vi", spot),
                        self.text(row, "name_en", spot),
                        self.word(row, "kind", spot, UnitKind.values),
                        row.get("official_code") or "",
                        row.get("parent") or "",
                        self.word(row, "provenance", spot, Provenance.values),
                        row.get("source") or "",
                        self.day(row, "valid_from", spot, needed=False),
                        self.day(row, "valid_to", spot, needed=False),
                    )
                )

    def units(self, name: str) -> dict[str, str]:
        """Read the units of one map; returns their uids by official code."""
        identities = self.raw["identities"][name]
        ended = self.day(self.raw["units_2025"]["meta"], "effective", "units_2025/meta")
        found: dict[str, str] = {}
        for at, row in enumerate(self.raw[name]["units"]):
            pointer = f"{name}/units/{at}"
            code = self.text(row, "code", pointer)
            identity = identities.get(code)
            if code in found:
                self.fault(f"{pointer}/code", "duplicate", _("Mã “%(code)s” bị lặp lại.") % {"code": code})
                continue
            if identity is None:
                self.fault(
                    f"{pointer}/code", "no_identity", _("Mã “%(code)s” chưa có định danh riêng.") % {"code": code}
                )
                continue
            found[code] = identity["uid"]
            self.identity(identity["uid"], f"identities/{name}/{code}")
            kind = _KINDS.get(row.get("type", ""))
            if kind is None:
                self.fault(
                    f"{pointer}/type", "unknown_kind", _("Không có loại đơn vị “%(kind)s”.") % {"kind": row.get("type")}
                )
            valid_to = self.day(row.get("valid_to") or {}, "value", f"{pointer}/valid_to", needed=False)
            if valid_to is None and ended is not None and "merged_into_2025" in row:
                valid_to = ended - timedelta(days=1)
            tile = identity.get("tile") or (None, None)
            self.data.versions.append(
                VersionRow(
                    identity["uid"],
                    self.text(row, "name", pointer),
                    self.text(identity, "name_en", f"identities/{name}/{code}"),
                    str(kind),
                    code,
                    self.raw["identities"]["parent"],
                    Provenance.SOURCED if row.get("code_verified") else Provenance.UNVERIFIED,
                    row.get("source") or "dvhcvn",
                    self.day({**identity, **row}, "valid_from", pointer, needed=False),
                    valid_to,
                    (tile[0], tile[1]),
                )
            )
            self.zones(identity["uid"], row, pointer)
        return found

    def zones(self, uid: str, row: dict[str, Any], pointer: str) -> None:
        """Take the flags that are known to be true, and khu vực I–III of 2016–2020."""
        for flag, mark in (row.get("flags") or {}).items():
            if flag not in _FLAGS:
                self.fault(f"{pointer}/flags/{flag}", "unknown_zone", _("Không có vùng “%(zone)s”.") % {"zone": flag})
            elif mark.get("value") is True:
                self.data.zones.append(self._zone(uid, flag, mark))
        old = row.get("zone_2016_2020")
        if old:
            zone = _ZONES_2016.get(old.get("value"))
            if zone is None:
                self.fault(
                    f"{pointer}/zone_2016_2020", "unknown_zone", _("Không có vùng “%(zone)s”.") % {"zone": old["value"]}
                )
            else:
                self.data.zones.append(self._zone(uid, zone, old, date(2016, 1, 1), date(2020, 12, 31)))

    def _zone(
        self, uid: str, zone: str, mark: dict[str, Any], start: date | None = None, end: date | None = None
    ) -> ZoneRow:
        provenance = Provenance.SOURCED if mark.get("verified") else Provenance.UNVERIFIED
        note = mark.get("note") or ""
        return ZoneRow(
            uid, zone, provenance, mark.get("source") or "", "" if note == "unverified" else note, start, end
        )

    def successions(self, old: dict[str, str], new: dict[str, str]) -> None:
        for at, row in enumerate(self.raw["identities"]["successions"]):
            pointer = f"identities/successions/{at}"
            day = self.day(row, "effective_on", pointer)
            if day is None or not all(
                self.known(row.get(end), f"{pointer}/{end}", row.get(end)) for end in ("predecessor", "successor")
            ):
                continue
            self.data.successions.append(
                SuccessionRow(
                    row["predecessor"],
                    row["successor"],
                    day,
                    row["kind"],
                    row.get("legal_basis") or "",
                    self.word(row, "provenance", pointer, Provenance.values),
                    row.get("source") or "",
                )
            )
        act = self.raw["identities"]["merge_2025"]
        for at, row in enumerate(self.raw["units_2025"]["units"]):
            day = self.day(row, "valid_from", f"units_2025/units/{at}")
            for number, part in enumerate(row.get("formed_from") or []):
                before = old.get(part.get("code"))
                pointer = f"units_2025/units/{at}/formed_from/{number}"
                if day is None or row.get("code") not in new or not self.known(before, pointer, part.get("code")):
                    continue
                provenance = act["provenance"] if row.get("lineage_verified") else Provenance.UNVERIFIED
                self.data.successions.append(
                    SuccessionRow(
                        str(before), new[row["code"]], day, "merge", act["legal_basis"], provenance, act["source"]
                    )
                )

    def groups(self, old: dict[str, str]) -> None:
        codes: set[str] = set()
        for at, row in enumerate(self.raw["unit_groups"]["unit_groups"]):
            pointer = f"unit_groups/unit_groups/{at}"
            code = self.text(row, "code", pointer)
            self.once(codes, code, f"{pointer}/code")
            members = []
            for number, member in enumerate(row.get("members") or []):
                if self.known(old.get(member), f"{pointer}/members/{number}", member):
                    members.append(old[member])
            self.data.groups.append(
                GroupRow(
                    code,
                    self.text(row, "name_vi", pointer),
                    self.text(row, "name_en", pointer),
                    self.word(row, "provenance", pointer, Provenance.values),
                    row.get("source") or "",
                    row.get("note") or "",
                    self.day(row, "valid_from", pointer, needed=False),
                    self.day(row, "valid_to", pointer, needed=False),
                    tuple(members),
                )
            )

    def offices(self) -> None:
        codes: set[str] = set()
        for at, row in enumerate(self.raw["offices"]["offices"]):
            pointer = f"offices/offices/{at}"
            code = self.text(row, "code", pointer)
            self.once(codes, code, f"{pointer}/code")
            names = {name: self.text(row, name, pointer) for name in ("name_vi", "name_en")}
            self.data.offices.append({"code": code, **names})


def read_units(folder: Path = DATA) -> UnitsData:
    """Read the five files of the folder.

    Raises:
        Invalid: with every fault of all files (pointer `/<file>/<path>`).
    """
    reader = _Reader(folder)
    reader.towns()
    old, new = reader.units("units_2021"), reader.units("units_2025")
    reader.successions(old, new)
    reader.groups(old)
    reader.offices()
    reader.data.sources = [*reader.raw["units_2021"].get("sources", []), *reader.raw["units_2025"].get("sources", [])]
    if reader.faults:
        raise Invalid(reader.faults)
    return reader.data
