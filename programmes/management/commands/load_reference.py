"""`manage.py load_reference`: units, poverty standards, criteria and measures, in one transaction."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from mongcai_portal.common.commands import faults_as_errors
from programmes.services.reference import load_reference


class Command(BaseCommand):
    """Loads twice without harm; a faulty file stores nothing at all."""

    help = "Nạp toàn bộ dữ liệu danh mục: đơn vị, chuẩn nghèo, bộ tiêu chí, con số chủ yếu (nạp lại không gây hại)"

    def handle(self, *args: Any, **options: Any) -> None:
        with faults_as_errors():
            done = load_reference(by=None)
        for name, changes in done.items():
            self.stdout.write(f"{name}: +{changes.created} ~{changes.changed} -{changes.deleted}")
