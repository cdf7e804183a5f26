"""`manage.py verify_audit`: prove that the audit log is what was sealed."""

from __future__ import annotations

import re
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mongcai_portal.audit.selectors.chain import Break, prove

MEANING = {
    "altered": "is not what was sealed",
    "removed": "was sealed and is gone",
    "inserted": "was not there when its time was sealed",
    "seal_removed": "the seal is gone",
    "seal_altered": "the seal was altered or moved",
    "seal_rewritten": "the seal was made anew: the next one does not follow it",
    "head_differs": "the chain does not have the head that was kept",
}
_HEAD = re.compile(r"^([1-9]\d{0,17}):([0-9a-f]{64})$")


class Command(BaseCommand):
    help = "Check every event against the chain of seals, name each that is broken, and exit with 1 when there is one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--head",
            action="append",
            default=[],
            metavar="SEQ:HASH",
            help="A head that an earlier run printed and that was kept elsewhere; the chain must still have it.",
        )

    def handle(self, *args: Any, head: list[str], **options: Any) -> None:
        kept: dict[int, str] = {}
        for text in head:
            match = _HEAD.match(text.strip())
            if match is None:
                raise CommandError(f"--head {text}: SEQ:HASH is wanted, as this command prints it.")
            kept[int(match[1])] = match[2]
        proof = prove(self._tell, kept=kept)
        self.stdout.write(f"{proof.sealed} sealed, {proof.waiting} waiting, {proof.broken} broken")
        if proof.head:
            self.stdout.write(f"head {proof.head}")
        if proof.broken:
            raise SystemExit(1)

    def _tell(self, found: Break) -> None:
        where = [f"event {found.event}"] if found.event is not None else []
        if found.seq is not None:
            where.append(f"seal {found.seq}")
        self.stdout.write(f"{', '.join(where)}: {found.code}: {MEANING[found.code]}")
