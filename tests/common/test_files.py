"""Files on disk that no row names go away, and only those."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile

from mongcai_portal.common.files import UNUSED_AFTER, remove_unused
from mongcai_portal.common.models.files import files_storage

pytestmark = pytest.mark.django_db


def on_disk(name: str, *, old: bool) -> Path:
    path = Path(settings.VAR_DIR) / "files" / files_storage().save(name, ContentFile(b"x"))
    if old:
        before = time.time() - UNUSED_AFTER.total_seconds() - 60
        os.utime(path, (before, before))
    return path


def test_only_old_files_that_no_row_names_are_removed() -> None:
    remove_unused()
    old, young = on_disk("test/2023/old.pdf", old=True), on_disk("test/2023/young.pdf", old=False)
    assert remove_unused() == 1
    assert (old.exists(), young.exists()) == (False, True)
    young.unlink()


def test_stored_files_are_readable_by_the_portal_only_and_lie_under_no_served_folder() -> None:
    path = on_disk("test/x.pdf", old=False)
    assert path.stat().st_mode & 0o777 == 0o600
    served = [
        settings.STATIC_ROOT,
        *(entry[1] if isinstance(entry, tuple) else entry for entry in settings.STATICFILES_DIRS),
    ]
    assert not any(path.is_relative_to(Path(folder).resolve()) for folder in served)
    path.unlink()
