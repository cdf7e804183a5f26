"""How accounts and their roles read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from communes.models import Office, UnitVersion
from communes.selectors.people import ClientCard, Held, Person
from mongcai_portal.accounts.models import User
from mongcai_portal.accounts.roles import ROLES
from mongcai_portal.common.templatetags.portal import date_vi, localname


@dataclass(frozen=True, slots=True)
class RoleView:
    """A role that someone holds, as read."""

    pk: int
    label: str
    place: str
    valid_from: date | None
    valid_to: date | None
    days: str
    now: bool

    @property
    def text(self) -> str:
        return f"{self.label} · {self.place}" if self.place else self.label


@dataclass(frozen=True, slots=True)
class PersonView:
    """An account as read."""

    user: User
    roles: list[RoleView]
    state: str
    state_label: str


def role_view(held: Held) -> RoleView:
    """A role with its place and days in words."""
    row = held.assignment
    place = localname(held.unit) if held.unit else localname(held.office) if held.office else _("toàn thành phố")
    return RoleView(
        pk=row.pk,
        label=str(ROLES[row.role].label) if row.role in ROLES else row.role,
        place=place,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        days=days_text(row.valid_from, row.valid_to),
        now=held.now,
    )


def days_text(first: date | None, last: date | None) -> str:
    """The days of a role; open ones say nothing."""
    if first and last:
        return _("%(first)s – %(last)s") % {"first": date_vi(first), "last": date_vi(last)}
    if first:
        return _("từ %(day)s") % {"day": date_vi(first)}
    return _("đến hết %(day)s") % {"day": date_vi(last)} if last else ""


def person_view(person: Person) -> PersonView:
    """An account with its state in a word."""
    if not person.user.is_active:
        state, label = "closed", _("đã ngừng")
    elif person.locked:
        state, label = "locked", _("tạm khóa")
    else:
        state, label = "open", _("đang dùng")
    return PersonView(person.user, [role_view(held) for held in person.held], state, label)


def person_views(people: Iterable[Person]) -> list[PersonView]:
    return [person_view(person) for person in people]


def place_choices(units: Iterable[UnitVersion], offices: Iterable[Office]) -> dict[str, list[tuple[str, str]]]:
    """The places of roles as a form offers them; a former unit says until when it was."""
    return {
        "units": [(version.unit.uid, _unit_label(version)) for version in units],
        "offices": [(office.code, localname(office)) for office in offices],
    }


def _unit_label(version: UnitVersion) -> str:
    if version.valid_to is None:
        return localname(version)
    return _("%(name)s (đến %(day)s)") % {"name": localname(version), "day": date_vi(version.valid_to)}


@dataclass(frozen=True, slots=True)
class ClientView:
    """Another system as read."""

    pk: int
    name: str
    client_id: str
    scopes: list[str]
    roles: list[RoleView]
    active: bool
    created_at: Any


def client_views(cards: Iterable[ClientCard]) -> list[ClientView]:
    """The other systems as read."""
    return [
        ClientView(
            card.client.pk,
            card.client.name,
            card.client.application.client_id,
            card.client.scopes.split(),
            [role_view(held) for held in card.held],
            card.client.user.is_active,
            card.client.created_at,
        )
        for card in cards
    ]


def letter_text(reason: str) -> str:
    """Why a letter did not leave."""
    return {
        "no_address": _("Tài khoản chưa có địa chỉ thư; hãy đặt mật khẩu một lần."),
        "reserved_domain": _("Địa chỉ thuộc tên miền dành riêng, không gửi ra ngoài; hãy đặt mật khẩu một lần."),
        "failed": _("Máy chủ thư không nhận thư; hãy thử lại sau hoặc đặt mật khẩu một lần."),
    }.get(reason, reason)
