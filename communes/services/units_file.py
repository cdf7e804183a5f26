"""Reading the files of units, offices and groups into unsaved rows, naming every fault."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from communes.models import UnitKind, UnitSuccession
from communes.rules.lineage import Span, Step, clashes, covers, life_faults, step_faults
from communes.services.units_rows import GroupRow, MemberRow, SuccessionRow, UnitsData, VersionRow, ZoneRow
from mongcai_portal.common.errors import Invalid
from mongcai_portal.common.fields import FieldReader
from mongcai_portal.common.models import Provenance
from mongcai_portal.common.reference import read_yaml

DATA = Path(__file__).parent.parent / "data"
FILES = ("identities", "units_2021", "units_2025", "offices", "unit_groups")

_KINDS = {"xã": UnitKind.COMMUNE, "phường": UnitKind.WARD, "đặc khu": UnitKind.SPECIAL_ZONE}
_FLAGS = ("ethnic_area", "mountain", "land_border", "coastal", "island")
_ZONES_2016 = {"khu vực I": "khu_vuc_1", "khu vực II": "khu_vuc_2", "khu vực III": "khu_vuc_3"}


class _Reader(FieldReader):
    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.raw = {name: read_yaml(folder / f"{name}.yaml") for name in FILES}
        self.data = UnitsData()
        self.uid_2021: dict[str, str] = {}
        self.seen: set[str] = set()
        # Where each version and succession stands in the files, to say where they contradict one another.
        self.version_at: list[str] = []
        self.succession_at: list[str] = []

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
                self.version_at.append(spot)
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
            self.version_at.append(pointer)
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
            self.zones(identity["uid"], row, pointer, valid_to)
        return found

    def zones(self, uid: str, row: dict[str, Any], pointer: str, ended: date | None) -> None:
        """Take the flags that are known to be true, until the unit ended, and khu vực I–III of 2016–2020."""
        for flag, mark in (row.get("flags") or {}).items():
            if flag not in _FLAGS:
                self.fault(f"{pointer}/flags/{flag}", "unknown_zone", _("Không có vùng “%(zone)s”.") % {"zone": flag})
            elif mark.get("value") is True:
                self.data.zones.append(self._zone(uid, flag, mark, None, ended))
        old = row.get("zone_2016_2020")
        if old:
            zone = _ZONES_2016.get(old.get("value"))
            if zone is None:
                self.fault(
                    f"{pointer}/zone_2016_2020", "unknown_zone", _("Không có vùng “%(zone)s”.") % {"zone": old["value"]}
                )
            else:
                self.data.zones.append(self._zone(uid, zone, old, date(2016, 1, 1), date(2020, 12, 31)))

    def _zone(self, uid: str, zone: str, mark: dict[str, Any], start: date | None, end: date | None) -> ZoneRow:
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
            self.succession_at.append(pointer)
            self.data.successions.append(
                SuccessionRow(
                    row["predecessor"],
                    row["successor"],
                    day,
                    self.word(row, "kind", pointer, UnitSuccession.Kind.values),
                    self.text(row, "legal_basis", pointer),
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
                self.succession_at.append(pointer)
                self.data.successions.append(
                    SuccessionRow(
                        str(before), new[row["code"]], day, "merge", act["legal_basis"], provenance, act["source"]
                    )
                )

    def lives(self) -> dict[str, list[Span]]:
        """Return the days of every unit's versions; overlaps, gaps and codes held twice are faults."""
        own: dict[str, list[int]] = {}
        for at, row in enumerate(self.data.versions):
            own.setdefault(row.uid, []).append(at)
        spans = [Span(row.valid_from, row.valid_to) for row in self.data.versions]
        for uid, places in own.items():
            for number, code in life_faults([spans[at] for at in places]):
                message = {
                    "overlap": _("“%(uid)s” có hai bản ghi cùng hiệu lực trong một ngày."),
                    "gap": _("“%(uid)s” bị bỏ trống một quãng giữa hai bản ghi."),
                }[code]
                self.fault(f"{self.version_at[places[number]]}/valid_from", code, message % {"uid": uid})
        holders = [(row.official_code, row.uid, span) for row, span in zip(self.data.versions, spans, strict=True)]
        for at in clashes(holders):
            self.fault(
                f"{self.version_at[at]}/official_code",
                "code_in_use",
                _("Mã “%(code)s” đang là của đơn vị khác trong cùng thời gian.") % {"code": holders[at][0]},
            )
        return {uid: [spans[at] for at in places] for uid, places in own.items()}

    def lineage(self, lives: dict[str, list[Span]]) -> None:
        """Hold every succession against the lives of both units."""
        seen: set[tuple[str, str, date]] = set()
        for row, pointer in zip(self.data.successions, self.succession_at, strict=True):
            self.once(seen, (row.predecessor, row.successor, row.effective_on), pointer)
            step = Step(row.predecessor, row.successor, row.effective_on, row.kind)
            words = {"before": row.predecessor, "after": row.successor, "day": f"{row.effective_on:%d/%m/%Y}"}
            for found in step_faults(step, lives):
                message = {
                    "not_there_before": _("“%(before)s” không tồn tại ngay trước ngày %(day)s."),
                    "goes_on": _("“%(before)s” phải hết trước ngày %(day)s khi đã nhập hoặc đổi tên."),
                    "not_there": _("“%(after)s” không tồn tại từ ngày %(day)s."),
                    "there_before": _("“%(after)s” không được có trước ngày %(day)s."),
                }.get(found.code)
                if message:  # an unknown kind was named already
                    self.fault(f"{pointer}/{found.end}", found.code, message % words)

    def groups(self, maps: dict[str, dict[str, str]], lives: dict[str, list[Span]]) -> None:
        codes: set[str] = set()
        for at, row in enumerate(self.raw["unit_groups"]["unit_groups"]):
            pointer = f"unit_groups/unit_groups/{at}"
            code = self.text(row, "code", pointer)
            self.once(codes, code, f"{pointer}/code")
            start, end = (self.day(row, key, pointer, needed=False) for key in ("valid_from", "valid_to"))
            members = []
            for spot, list_of, since, until in self._member_lists(row, pointer, start, end):
                known = maps.get(list_of.get("map", "units_2021"))
                if known is None:
                    self.fault(
                        f"{spot}/map", "unknown_map", _("Không có danh mục “%(name)s”.") % {"name": list_of.get("map")}
                    )
                    continue
                for number, member in enumerate(list_of.get("members") or []):
                    place = f"{spot}/members/{number}"
                    if not self.known(known.get(member), place, member):
                        continue
                    uid = known[member]
                    if not covers(lives.get(uid, ()), Span(since, until)):
                        self.fault(
                            place,
                            "not_in_force",
                            _("“%(uid)s” không tồn tại suốt thời gian thuộc nhóm.") % {"uid": uid},
                        )
                    members.append(MemberRow(uid, since, until))
            self.data.groups.append(
                GroupRow(
                    code,
                    self.text(row, "name_vi", pointer),
                    self.text(row, "name_en", pointer),
                    self.word(row, "provenance", pointer, Provenance.values),
                    row.get("source") or "",
                    row.get("note") or "",
                    start,
                    end,
                    tuple(members),
                )
            )

    def _member_lists(
        self, row: dict[str, Any], pointer: str, start: date | None, end: date | None
    ) -> Iterator[tuple[str, dict[str, Any], date | None, date | None]]:
        """Yield (place, list, from, to): members by codes of one map, for the group's days or a part of them."""
        if "memberships" not in row:
            yield pointer, row, start, end
        for number, part in enumerate(row.get("memberships") or []):
            spot = f"{pointer}/memberships/{number}"
            since, until = (self.day(part, key, spot, needed=False) for key in ("valid_from", "valid_to"))
            yield spot, part, since or start, until or end

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
    lives = reader.lives()
    reader.lineage(lives)
    reader.groups({"units_2021": old, "units_2025": new}, lives)
    reader.offices()
    reader.data.sources = [*reader.raw["units_2021"].get("sources", []), *reader.raw["units_2025"].get("sources", [])]
    if reader.faults:
        raise Invalid(reader.faults)
    return reader.data
