"""`manage.py load_criteria`: criteria sets from `indicators/data`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from indicators.services.criteria import LOADED, PUBLISHED, load_criteria
from mongcai_portal.common.commands import faults_as_errors


class Command(BaseCommand):
    """Loads twice without harm; a faulty file stores nothing."""

    help = "Nạp bộ tiêu chí (mặc định: xã nông thôn mới 2021-2025; nạp lại không gây hại)"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "files",
            nargs="*",
            default=list(LOADED),
            help="tên tệp trong indicators/data (không có .yaml), hoặc đường dẫn tới tệp .yaml",
        )
        parser.add_argument("--publish", action="store_true", help="ban hành cả các bộ tiêu chí được nêu tên")

    def handle(self, *args: Any, **options: Any) -> None:
        files = options["files"]
        with faults_as_errors():
            changes = load_criteria(by=None, files=files, publish=files if options["publish"] else PUBLISHED)
        self.stdout.write(f"criteria: +{changes.created} ~{changes.changed} -{changes.deleted}")
