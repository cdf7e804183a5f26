"""`manage.py supervise`: become the supervisor of web, worker and beat, until SIGTERM or Ctrl-C."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = "Keep web server, worker and beat running; print the address when everything is ready."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--prepare", action="store_true", help="First migrate and load data, as `prepare` does.")
        parser.add_argument("--dev", action="store_true", help="Restart web and worker when a Python file changes.")

    def handle(self, *args: Any, prepare: bool, dev: bool, **options: Any) -> None:
        port = settings.PORTAL_PORT
        _refuse_taken(port)
        if prepare:
            call_command("prepare")
        config = settings.BASE_DIR / "deploy" / "supervisor" / ("dev.conf" if dev else "run.conf")
        # Not resolved: the interpreter of a virtual environment is a link that leads out of it.
        programs = Path(sys.executable).parent
        os.environ.update(
            PORTAL_BASE_DIR=str(settings.BASE_DIR),
            PORTAL_VAR_DIR=str(settings.VAR_DIR),
            PORTAL_BIN=str(programs),
            PORT=str(port),
            PORTAL_SUPERVISOR=str(os.getpid()),  # `execv` keeps the number
        )
        self.stdout.flush()
        os.execv(programs / "supervisord", ["supervisord", "--nodaemon", "--silent", "--configuration", str(config)])


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as fault:
            raise CommandError(
                f"127.0.0.1:{port} is not free ({fault.strerror}); choose another with PORT=…."
            ) from fault
