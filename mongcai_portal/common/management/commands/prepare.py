"""`manage.py prepare`: everything the data needs before the portal starts; doing it again changes nothing."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Migrate the database and load reference and demonstration data."

    def handle(self, *args: Any, **options: Any) -> None:
        # With the checks of the database: one whose identity numbers are under keys that are not here starts nowhere.
        call_command("migrate", interactive=False, verbosity=0, skip_checks=False)
        call_command("load_reference")
        call_command("load_demo")
