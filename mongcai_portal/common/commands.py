"""What management commands share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import yaml
from django.core.management.base import CommandError

from mongcai_portal.common.errors import Invalid, PortalError


@contextmanager
def faults_as_errors() -> Iterator[None]:
    """Let a command print every fault with its pointer, and exit with 1."""
    try:
        yield
    except Invalid as error:
        raise CommandError("\n".join(f"{fault.pointer}: {fault.message}" for fault in error.faults)) from error
    except (PortalError, yaml.YAMLError, OSError) as error:
        raise CommandError(str(error)) from error
