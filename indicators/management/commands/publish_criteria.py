"""`manage.py publish_criteria`: a draft set whose indicators are entered becomes law for the reports of its years."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from indicators.models import CriteriaSet
from indicators.services.publishing import publish_set
from mongcai_portal.accounts.models import User
from mongcai_portal.common.commands import faults_as_errors


class Command(BaseCommand):
    """Asks for the person who publishes: the audit trail names them, and they must hold the permission."""

    help = "Ban hành một bộ tiêu chí đang là dự thảo (mọi thiếu sót được nêu và bộ vẫn là dự thảo)"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="mã bộ tiêu chí, ví dụ NTM_XA_2026_2030")
        parser.add_argument("--by", required=True, metavar="USERNAME", help="người ban hành")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["by"], is_active=True).first()
        if user is None:
            raise CommandError(f"No active user {options['by']}.")
        with faults_as_errors():
            try:
                one = publish_set(by=user, code=options["code"])
            except CriteriaSet.DoesNotExist as error:
                raise CommandError(f"No criteria set {options['code']}.") from error
        self.stdout.write(f"{one.code}: {one.status}")
