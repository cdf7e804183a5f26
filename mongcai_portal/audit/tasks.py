"""Background work of the log: each task calls one service."""

from __future__ import annotations

import logging

from celery import shared_task

from mongcai_portal.audit.selectors.chain import Break, prove
from mongcai_portal.audit.services import seal_waiting

logger = logging.getLogger(__name__)


@shared_task(name="audit.tasks.seal")
def seal() -> None:
    """Add what was written since to the chain."""
    seal_waiting()


@shared_task(name="audit.tasks.verify")
def verify() -> None:
    """Prove the chain each night; what is broken goes to the server's log, one line each."""
    proof = prove(_complain)
    logger.info(
        "audit log: %s sealed, %s waiting, %s broken, head %s", proof.sealed, proof.waiting, proof.broken, proof.head
    )


def _complain(found: Break) -> None:
    logger.error("audit log broken: %s (seal %s, event %s)", found.code, found.seq, found.event)
