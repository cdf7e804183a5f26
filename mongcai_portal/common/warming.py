"""What Django would load in the first request of a process, loaded before the processes are forked.

After a night's restart the first reader is as likely the leader as anybody: compiling templates and addresses is most
of what a first page costs, and once done before the fork it is shared by all processes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connections
from django.template import engines
from django.template.backends.django import DjangoTemplates
from django.urls import get_resolver
from django.utils.translation import gettext, override

logger = logging.getLogger(__name__)
_drawn_first: list[Callable[[], object]] = []


def draw_first(draw: Callable[[], object]) -> None:
    """Name a page that every web process draws when it begins; its app does so when it is ready."""
    _drawn_first.append(draw)


def draw() -> None:
    """Draw those pages once in this process, in a thread beside the first requests.

    A forked process copies each page of memory when it touches it first, some ten thousand of them for a page of the
    portal: a reader would wait for that. Where the database is away, or not filled yet, the first reader draws.
    """
    try:
        for one in _drawn_first:
            one()
    except DatabaseError as fault:
        logger.info("Nothing was drawn beforehand: %s", fault)
    finally:
        connections.close_all()


def warm() -> None:
    """Load every address, every template and every catalogue of the portal's own."""
    resolver = get_resolver()
    for language, _name in settings.LANGUAGES:
        with override(language):
            gettext("Tổng quan")
            resolver._populate()
    for name in template_names():
        engines["django"].get_template(name)


def template_names() -> list[str]:
    """The portal's own templates, as they are asked for."""
    names = []
    for engine in engines.all():
        if isinstance(engine, DjangoTemplates):
            for folder in engine.dirs:
                root = settings.BASE_DIR / folder
                names += [p.relative_to(root).as_posix() for p in root.rglob("*") if p.suffix in {".html", ".txt"}]
    return sorted(names)
