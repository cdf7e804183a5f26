"""`manage.py backup`: database, stored files and keys into one archive, while the portal runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from mongcai_portal.backup.services import make_backup
from mongcai_portal.common.commands import faults_as_errors


class Command(BaseCommand):
    help = "Copy database, stored files and keys into one archive, and verify it; the portal may run meanwhile."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="Where the archive is put; it names itself after the time.")
        parser.add_argument("--keep", type=int, metavar="N", help="Remove the oldest archives beyond N in the folder.")

    def handle(self, *args: Any, folder: Path, keep: int | None, **options: Any) -> None:
        if keep is not None and keep < 1:
            raise CommandError(_("--keep phải từ 1 trở lên."))
        with faults_as_errors():
            made = make_backup(folder=folder.resolve(), keep=keep)
        for name in made.removed:
            self.stdout.write(_("Đã xóa bản cũ: %(name)s") % {"name": name})
        self.stdout.write(
            _("%(path)s: %(tables)d bảng, %(rows)d dòng, %(files)d tệp, đã kiểm tra.")
            % {
                "path": made.path,
                "tables": len(made.manifest.tables),
                "rows": made.manifest.rows,
                "files": len(made.manifest.files),
            }
        )
        if made.missing:
            # The archive stands; but whoever reads the timer's mail must hear of it.
            lines = [_("%(count)d tệp mà dữ liệu nêu tên không có trên đĩa:") % {"count": len(made.missing)}]
            raise CommandError("\n".join([*lines, *made.missing]))
