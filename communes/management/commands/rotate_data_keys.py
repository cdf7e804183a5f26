"""`manage.py rotate_data_keys`: put every identity number under the newest key.

How it is used: docs/how-to/replace-the-keys-of-the-data.md.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from communes.services.households import rotate_keys
from mongcai_portal.common.ciphers import Undecipherable


class Command(BaseCommand):
    help = "Encrypt identity numbers under the newest key; the portal may run, and it may be stopped and started again."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = rotate_keys()
        except Undecipherable as fault:
            raise CommandError(f"{fault}. What was done before stays done.") from None
        self.stdout.write(f"{done.count} identity numbers put under the newest key")
        self.stdout.write(f"numbers are under: {', '.join(done.keys) or 'none yet'}")
