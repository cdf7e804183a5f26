"""`python -m tests.bench.crew UID…`: an account of its own for each officer of these communes, and for five leaders."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tests.portal import PASSWORD

if TYPE_CHECKING:
    from communes.models import Unit

LEADERS = 5


def officer(number: int) -> str:
    return f"load.officer.{number}"


def leader(number: int) -> str:
    return f"load.leader.{number}"


def main() -> None:
    import django

    django.setup()
    from communes.models import Unit

    units = {unit.uid: unit for unit in Unit.objects.filter(uid__in=sys.argv[1:])}
    for number, uid in enumerate(sys.argv[1:]):
        _make(officer(number), "commune_officer", units[uid])
    for number in range(LEADERS):
        _make(leader(number), "leader")


def _make(username: str, role: str, unit: Unit | None = None) -> None:
    from communes.services.access import assign_role
    from mongcai_portal.accounts.services.users import create_user

    user = create_user(username=username, by=None, full_name=username, password=PASSWORD, trusted_password=True)
    assign_role(by=None, user=user, role=role, unit=unit)


if __name__ == "__main__":
    main()
