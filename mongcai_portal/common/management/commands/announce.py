"""`manage.py announce`: wait for /readyz, then say where the portal is and where its demonstration passwords are."""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from django.conf import settings
from django.core.management.base import BaseCommand

from mongcai_portal.common.processes import die_with_supervisor

PATIENCE_SECONDS = 60


class Command(BaseCommand):
    help = "Wait until the portal is ready, then print its address."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        die_with_supervisor()
        address = f"http://127.0.0.1:{settings.PORTAL_PORT}"
        complain_at = time.monotonic() + PATIENCE_SECONDS
        while True:
            faults = _faults(f"{address}/readyz")
            if not faults:
                break
            if time.monotonic() > complain_at:
                self.stdout.write(f"Not ready yet: {faults}. The logs are in {settings.VAR_DIR / 'log'}.")
                complain_at = time.monotonic() + PATIENCE_SECONDS
            time.sleep(0.3)
        self.stdout.write(f"\nThe portal is ready: {address}/")
        self.stdout.write(f"Demonstration users and passwords: {settings.VAR_DIR / 'demo-credentials.txt'}\n")


def _faults(url: str) -> str:
    try:
        with urlopen(url, timeout=5):  # our own address
            return ""
    except HTTPError as answer:
        try:
            checks = json.load(answer)["checks"]
        except (ValueError, KeyError):
            return f"HTTP {answer.code}"
        return ", ".join(f"{name}: {state}" for name, state in checks.items() if state != "ok")
    except (URLError, OSError):
        return "the web server does not answer"
