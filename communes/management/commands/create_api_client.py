"""`manage.py create_api_client`: connects another system, and prints its credentials once."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from communes.services.api_clients import create_api_client
from mongcai_portal.common.commands import faults_as_errors


class Command(BaseCommand):
    """The secret is stored as a hash: who loses it makes another client."""

    help = "Tạo kết nối cho phần mềm khác: in ra client_id và client_secret (một lần duy nhất)"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--role", required=True)
        parser.add_argument("--unit", nargs="+", action="extend", default=[], metavar="UID")
        parser.add_argument("--office", nargs="+", action="extend", default=[], metavar="CODE")
        parser.add_argument("--scope", nargs="+", action="extend", default=[], metavar="SCOPE")

    def handle(self, *args: Any, **options: Any) -> None:
        with faults_as_errors():
            made = create_api_client(
                by=None,
                name=options["name"],
                role=options["role"],
                units=options["unit"],
                offices=options["office"],
                scopes=options["scope"] or ["read"],
            )
        answer = {
            "name": made.client.name,
            "client_id": made.client_id,
            "client_secret": made.client_secret,
            "role": options["role"],
            "units": options["unit"],
            "offices": options["office"],
            "scopes": made.client.scopes.split(),
            "token_url": "/oauth/token/",
        }
        self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
