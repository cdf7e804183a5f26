"""`manage.py evaluate`: compute and store results, of everything or of some units and periods."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from indicators.models import Report
from indicators.services.evaluation import evaluate


class Command(BaseCommand):
    help = "Compute attainment from approved reports and store what differs (running it twice changes nothing)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--unit", action="append", default=[], metavar="UID")
        parser.add_argument("--period", action="append", default=[], metavar="CODE")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["unit"] and not options["period"]:
            summary = evaluate()
        else:
            reports = Report.objects.all()
            if options["unit"]:
                reports = reports.filter(unit__uid__in=options["unit"])
            if options["period"]:
                reports = reports.filter(period__code__in=options["period"])
            pairs = list(reports.values_list("unit_id", "period_id"))
            if not pairs:
                raise CommandError("No report of these units and periods.")
            summary = evaluate(pairs)
        self.stdout.write(f"written {summary.written}, deleted {summary.deleted}, unchanged {summary.unchanged}")
