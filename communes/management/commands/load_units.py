"""`manage.py load_units`: units, offices and groups from `communes/data`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from communes.services.units import load_units
from mongcai_portal.common.commands import faults_as_errors


class Command(BaseCommand):
    """Loads twice without harm; a faulty file stores nothing."""

    help = "Nạp đơn vị hành chính, phòng ban và nhóm đơn vị (nạp lại không gây hại)"

    def handle(self, *args: Any, **options: Any) -> None:
        with faults_as_errors():
            changes = load_units(by=None)
        self.stdout.write(f"units: +{changes.created} ~{changes.changed} -{changes.deleted}")
