"""Demonstration users: an officer per commune, a verifier per office, and the town's roles."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from communes.models import Office, RoleAssignment, Unit
from communes.services.access import assign_role
from mongcai_portal.accounts.models import User
from mongcai_portal.accounts.services.passwords import one_time_password, set_password
from mongcai_portal.accounts.services.users import create_user

CREDENTIALS = "demo-credentials.txt"


@dataclass(frozen=True, slots=True)
class Person:
    """A demonstration user; names are plainly placeholders."""

    username: str
    full_name: str
    role: str
    unit: Unit | None = None
    offices: tuple[Office, ...] = ()


def officer_name(uid: str) -> str:
    return f"officer.{uid.replace('-', '')}"


def cast(communes: Sequence[Unit], successors: Sequence[Unit] = (), wards: Sequence[Unit] = ()) -> list[Person]:
    """Return everyone; units carry `name_vi` (see `Unit.objects.on`), `successors` are those since 01/07/2025.

    `wards` report nothing: their officers look after households.
    """
    offices = list(Office.objects.order_by("code"))
    return [
        *(
            Person(officer_name(unit.uid), f"Cán bộ xã {unit.name_vi}", "commune_officer", unit=unit)
            for unit in communes
        ),
        *(
            Person(officer_name(unit.uid), f"Cán bộ xã {unit.name_vi} (từ 01/07/2025)", "commune_officer", unit=unit)
            for unit in successors
        ),
        *(
            Person(officer_name(unit.uid), f"Cán bộ phường {unit.name_vi}", "commune_officer", unit=unit)
            for unit in wards
        ),
        *(
            Person(
                f"verifier.{office.code}", f"Cán bộ thẩm định · {office.name_vi}", "sector_verifier", offices=(office,)
            )
            for office in offices
        ),
        Person("verifier.all", "Cán bộ thẩm định mọi phòng ban", "sector_verifier", offices=tuple(offices)),
        Person("coordinator", "Cán bộ Văn phòng điều phối", "coordinator"),
        Person("leader", "Lãnh đạo thành phố", "leader"),
        Person("admin", "Người quản trị hệ thống", "administrator"),
    ]


def make_people(people: Sequence[Person], *, folder: Path, password: str = "") -> dict[str, User]:
    """Make the users that do not exist yet, with their roles, and write their passwords to a file only we can read.

    Passwords stay from one load to the next; a non-empty `password` holds for all. A user whose password is not in
    the file gets a new one: otherwise nobody could log in.
    """
    path = folder / CREDENTIALS
    known = read_credentials(path)
    users = {user.username: user for user in User.objects.filter(username__in=[one.username for one in people])}
    for one in people:
        chosen = password or known.get(one.username) or one_time_password()
        user = users.get(one.username)
        if user is None:
            users[one.username] = create_user(
                username=one.username,
                by=None,
                full_name=one.full_name,
                # A reserved domain: a letter to it goes to the portal's own mail folder or nowhere.
                email=f"{one.username}@demo.invalid",
                password=chosen,
                trusted_password=bool(password),
            )
        elif known.get(one.username) != chosen:
            set_password(user=user, password=chosen, by=None, must_change=False, trusted_password=bool(password))
        known[one.username] = chosen
    _roles(people, users)
    _write_credentials(path, [(one.username, known[one.username], one.full_name) for one in people])
    return users


def _roles(people: Sequence[Person], users: dict[str, User]) -> None:
    held = set(
        RoleAssignment.objects.filter(user__in=users.values()).values_list("user_id", "role", "unit_id", "office_id")
    )
    for one in people:
        user = users[one.username]
        for office in one.offices or (None,):
            key = (user.pk, one.role, one.unit.pk if one.unit else None, office.pk if office else None)
            if key not in held:
                assign_role(by=None, user=user, role=one.role, unit=one.unit, office=office)


def read_credentials(path: Path) -> dict[str, str]:
    """Return password by user name from the file, when it exists."""
    if not path.exists():
        return {}
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return {row[0]: row[1] for row in rows if len(row) >= 2}


def _write_credentials(path: Path, rows: Sequence[tuple[str, str, str]]) -> None:
    text = "# Tài khoản minh họa / demonstration accounts: tên đăng nhập, mật khẩu, là ai\n" + "".join(
        "\t".join(row) + "\n" for row in rows
    )
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)
