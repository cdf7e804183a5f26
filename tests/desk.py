"""A process that stays beside a running portal and does what `Portal.tell` asks: starting Django costs two seconds.

Each line that it reads is a list: `["stage", …]` for `tests.factories.stage`, otherwise a management command. It
answers each with a line {told: what was printed, fault: None or what went wrong}. No connection is kept from one to
the next.
"""

from __future__ import annotations

import json
import sys
import traceback
from contextlib import redirect_stdout
from io import StringIO

import django


def done(name: str, arguments: list[str]) -> dict[str, str | None]:
    from django.core.management import call_command
    from django.db import connections

    from tests.factories import stage

    said, fault = StringIO(), None
    try:
        with redirect_stdout(said):
            if name == "stage":
                stage.main(arguments)
            else:
                call_command(name, *arguments, stdout=said)
    except (Exception, SystemExit):  # both end a process with a fault; whoever asked is told
        fault = traceback.format_exc()
    finally:
        connections.close_all()
    return {"told": said.getvalue(), "fault": fault}


def main() -> None:
    django.setup()
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        print(json.dumps(done(name, arguments)), flush=True)


if __name__ == "__main__":
    main()
