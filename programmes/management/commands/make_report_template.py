"""`manage.py make_report_template`: the built-in Word template of the period report, as it was laid out."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from programmes.reports.layout import write_template
from programmes.reports.word import BUILT_IN


class Command(BaseCommand):
    """Needed only when the layout itself changes; what is used is the committed file."""

    help = "Ghi lại mẫu Word có sẵn của báo cáo giai đoạn"

    def handle(self, *args: Any, **options: Any) -> None:
        write_template(BUILT_IN)
        self.stdout.write(f"{BUILT_IN.name}: {BUILT_IN.stat().st_size}")
