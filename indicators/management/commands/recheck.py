"""`manage.py recheck`: recompute everything and list every difference from what is stored."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from indicators.services.recheck import recheck


class Command(BaseCommand):
    help = "Recompute every result and list each difference from what is stored; exits 1 when there is one."

    def handle(self, *args: Any, **options: Any) -> None:
        differences = recheck()
        for d in differences:
            self.stdout.write(
                f"{d.table} unit={d.unit_id} period={d.period_id} key={d.key}: "
                f"stored [{d.stored}] computed [{d.computed}]"
            )
        self.stdout.write(f"{len(differences)} differences")
        if differences:
            raise SystemExit(1)
