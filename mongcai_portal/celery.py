"""The Celery application; the worker and beat start from here."""

from __future__ import annotations

import os
import sys
from typing import Any

from celery import Celery, Task
from celery.signals import beat_init, celeryd_init, setup_logging, worker_process_init
from kombu.transport import TRANSPORT_ALIASES

from mongcai_portal.audit.context import Channel, origin
from mongcai_portal.common.processes import die_with_parent, die_with_supervisor

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mongcai_portal.settings")

# Kombu's own transport kills worker and beat when its folders are removed; ours makes them again.
TRANSPORT_ALIASES["filesystem"] = "mongcai_portal.common.broker:Transport"


class PortalTask(Task):  # type: ignore[misc]
    """A task whose events say in the audit log that a task wrote them, and which."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with origin(Channel.TASK, self.request.id or ""):
            return super().__call__(*args, **kwargs)


app = Celery("mongcai_portal", task_cls=PortalTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def _keep_the_portals_log(**kwargs: Any) -> None:
    """Worker and beat write their lines as the web does (`settings.LOGGING`), not in Celery's own form."""


@worker_process_init.connect
def _leave_no_orphan(**kwargs: Any) -> None:
    die_with_parent(app.master)


@celeryd_init.connect
@beat_init.connect
def _end_with_supervisor(**kwargs: Any) -> None:
    from django.core.exceptions import ImproperlyConfigured

    from mongcai_portal.common.checks import refuse_start

    app.master = os.getpid()
    die_with_supervisor()
    try:
        refuse_start()
    except ImproperlyConfigured as fault:
        sys.exit(str(fault))  # a signal of Celery swallows any other exception, and the worker would start
