"""`manage.py messages`: collect, check or compile the visible texts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from mongcai_portal.common import catalogue

LANGUAGE = "en"


class Command(BaseCommand):
    help = "Collect visible texts into locale/en, keeping its translations."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--check", action="store_true", help="Change nothing; fail when a text lacks its English.")
        what.add_argument("--compile", action="store_true", help="Write the .mo files that the portal reads.")

    def handle(self, *args: Any, check: bool, compile: bool, **options: Any) -> None:
        base: Path = settings.BASE_DIR
        path = base / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"
        if compile:
            catalogue.compile_to(path, LANGUAGE)
            return
        found = catalogue.collect(base)
        stored = catalogue.read(path, LANGUAGE) if check else catalogue.refresh(path, LANGUAGE, found)
        faults = catalogue.faults(found, stored)
        for fault in faults:
            self.stderr.write(fault)
        if check and faults:
            raise CommandError(f"{len(faults)} of {len(found)} texts are not right in English.")
        self.stdout.write(f"{len(found)} texts, {len(faults)} of them not yet right in English.")
