"""`manage.py erase_people`: erase what identifies people who left the register, or whom an order names.

How it is used: docs/how-to/erase-peoples-data.md.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from communes.services.households import erase_due, erase_on_order, retention
from mongcai_portal.common.errors import Invalid


class Command(BaseCommand):
    help = "Erase what identifies people whose time is over, or those whom an order names; counts stay."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Say how many, and change nothing.")
        parser.add_argument("--order", default="", help="Number, day and author of the order to erase.")
        parser.add_argument("--person", type=int, action="append", default=[], help="Number of a person it names.")

    def handle(self, *args: Any, dry_run: bool, order: str, person: list[int], **options: Any) -> None:
        if bool(order) != bool(person):
            raise CommandError("An order names people: give --order and --person together.")
        kept = retention()
        if person:
            try:
                done = erase_on_order(by=None, people=person, order=order, dry_run=dry_run)
            except Invalid as error:
                raise CommandError("\n".join(f"{f.pointer}: {f.message}" for f in error.faults)) from None
        else:
            years = "not stated" if kept.years is None else f"{kept.years} years"
            self.stdout.write(f"kept after leaving: {years} (source: {kept.source})")
            if kept.years is None:
                self.stdout.write("nothing is erased by time until PORTAL_HOUSEHOLD_RETENTION_YEARS says how long")
                return
            done = erase_due(dry_run=dry_run)
        would = "would be erased" if dry_run else "erased"
        self.stdout.write(
            f"{timezone.localdate():%d/%m/%Y}: {done.people} people {would}, {done.households} households laid bare"
        )
