"""`manage.py load_measures`: published figures and targets from `programmes/data`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from mongcai_portal.common.commands import faults_as_errors
from programmes.services.measures import load_measures


class Command(BaseCommand):
    """Loads twice without harm; a faulty file stores nothing."""

    help = "Nạp các con số chủ yếu đã công bố và chỉ tiêu kế hoạch (nạp lại không gây hại)"

    def handle(self, *args: Any, **options: Any) -> None:
        with faults_as_errors():
            changes = load_measures(by=None)
        self.stdout.write(f"measures: +{changes.created} ~{changes.changed} -{changes.deleted}")
