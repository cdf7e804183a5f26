"""gunicorn: processes of some threads each (PORTAL_WEB_…), the application loaded once before they fork."""

import gc
import sys
import threading
from typing import Any

from mongcai_portal import env
from mongcai_portal.access_log import FORMAT
from mongcai_portal.common.processes import die_with_parent, die_with_supervisor

bind = env.BIND
worker_class = "gthread"
workers = env.WEB_PROCESSES
threads = env.WEB_THREADS
preload_app = True
timeout = 60
graceful_timeout = 5
keepalive = 5
accesslog = "-"
logger_class = "mongcai_portal.access_log.AccessLogger"
access_log_format = FORMAT
control_socket_disable = True


def on_starting(server: Any) -> None:
    die_with_supervisor()


def when_ready(server: Any) -> None:
    # Everything loaded so far lives as long as the process: out of the collector's way, and its pages stay shared.
    gc.collect()
    gc.freeze()


def post_fork(server: Any, worker: Any) -> None:
    die_with_parent(worker.ppid)
    # A large page makes a hundred thousand objects and no cycle: looking for one every 700 objects costs it a tenth.
    gc.set_threshold(10_000, 20, 50)
    # A thread that comes back from the database waits this long for one that draws a page, and a save comes back some
    # eighteen times: with Python's own 5 ms the slowest saves beside a reader took up to twice as long.
    sys.setswitchinterval(0.001)


def post_worker_init(worker: Any) -> None:
    from mongcai_portal.common.warming import draw

    threading.Thread(target=draw, name="warming", daemon=True).start()
