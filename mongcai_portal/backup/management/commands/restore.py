"""`manage.py restore`: an archive of `manage.py backup` back into an empty place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from mongcai_portal.backup.services import check_archive, restore
from mongcai_portal.common.commands import faults_as_errors


class Command(BaseCommand):
    # The archive brings the keys: a server to which it is brought may have none yet.
    requires_system_checks: list[str] = []
    help = "Put an archive of `backup` back into an empty database and folder of files; the portal must not run."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("archive", type=Path)
        parser.add_argument("--check", action="store_true", help="Only verify the archive; nothing is written.")
        parser.add_argument("--set-aside", action="store_true", help="Move aside what stands here; nothing is deleted.")
        parser.add_argument("--keep-key", action="store_true", help="Keep a SECRET_KEY that differs: sessions end.")

    def handle(self, *args: Any, archive: Path, check: bool, set_aside: bool, keep_key: bool, **options: Any) -> None:
        with faults_as_errors():
            if check:
                manifest = check_archive(path=archive)
                told = _("Bản sao lưu nguyên vẹn, lập lúc %(at)s (%(database)s):")
            else:
                done = restore(path=archive, set_aside=set_aside, keep_key=keep_key)
                manifest = done.manifest
                told = _("Đã phục hồi và kiểm tra bản sao lưu lập lúc %(at)s (%(database)s):")
                if done.set_aside:
                    self.stdout.write(_("Dữ liệu cũ được cất với dấu: %(mark)s") % {"mark": done.set_aside})
        counts = {"tables": len(manifest.tables), "rows": manifest.rows, "files": len(manifest.files)}
        self.stdout.write(
            told % {"at": manifest.made_at, "database": manifest.database}
            + " "
            + _("%(tables)d bảng, %(rows)d dòng, %(files)d tệp.") % counts
        )
