"""`manage.py make_country`: a synthetic province, for measuring."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from mongcai_portal.common.commands import faults_as_errors
from programmes.services.country import make_country


class Command(BaseCommand):
    """Asking again makes what is missing; meant for a database of its own."""

    help = "Tạo một tỉnh giả lập với nhiều xã để đo tốc độ (chạy lại không gây hại)"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--communes", type=int, default=500, help="số xã")

    def handle(self, *args: Any, **options: Any) -> None:
        with faults_as_errors():
            done = make_country(communes=options["communes"], by=None)
        self.stdout.write(
            f"country: communes +{done.communes}, reports +{done.reports}, "
            f"recognitions +{done.recognitions}, evaluated {done.evaluated}"
        )
