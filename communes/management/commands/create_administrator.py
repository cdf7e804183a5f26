"""`manage.py create_administrator`: the first account of a new portal; every other one is made on its pages."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from communes.services.people import ONCE, Grant, create_person
from mongcai_portal.accounts.roles import ADMINISTRATOR
from mongcai_portal.common.commands import faults_as_errors


class Command(BaseCommand):
    help = "Make an account with the role of administrator, and print a password that is to be changed at once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("full_name")
        parser.add_argument("--email", default="")

    def handle(self, *args: Any, username: str, full_name: str, email: str, **options: Any) -> None:
        with faults_as_errors():
            made = create_person(
                by=None,
                username=username,
                full_name=full_name,
                email=email,
                grant=Grant(ADMINISTRATOR.code),
                password_by=ONCE,
            )
        self.stdout.write(
            _("Tên đăng nhập: %(username)s\nMật khẩu dùng một lần: %(password)s")
            % {"username": made.user.username, "password": made.password}
        )
