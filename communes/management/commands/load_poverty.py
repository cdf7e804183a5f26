"""`manage.py load_poverty`: poverty standards and survey forms from `communes/data`, or from a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from communes.services.poverty import load_poverty
from communes.services.poverty_file import FILE
from mongcai_portal.common.commands import faults_as_errors


class Command(BaseCommand):
    """Loads twice without harm; a faulty file stores nothing."""

    help = "Nạp chuẩn nghèo và mẫu phiếu rà soát (nạp lại không gây hại)"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", default=FILE, type=Path, help="đường dẫn tới tệp .yaml")

    def handle(self, *args: Any, **options: Any) -> None:
        with faults_as_errors():
            changes = load_poverty(by=None, file=options["file"])
        self.stdout.write(f"poverty: +{changes.created} ~{changes.changed} -{changes.deleted}")
