"""`manage.py vendor_assets`: front-end files from node_modules to var/vendor, and the chart font to var/fonts."""

from __future__ import annotations

import shutil
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from mongcai_portal.common import vendoring


class Command(BaseCommand):
    help = "Copy the named front-end files, build the icon sprite and merge the chart font."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        packages = settings.BASE_DIR / "node_modules"
        if not packages.is_dir():
            raise CommandError("node_modules is missing: run `npm ci` first.")
        vendor = settings.VENDOR_DIR
        shutil.rmtree(vendor, ignore_errors=True)
        names = vendoring.icon_names(settings.BASE_DIR / "mongcai_portal" / "common" / "data" / "icons.txt")
        vendoring.copy_files(packages, vendor)
        vendoring.copy_fonts(packages, vendor)
        vendoring.build_sprite(packages, vendor, names)
        vendoring.merge_fonts(packages, settings.FONT_DIR)
        self.stdout.write(f"{len(vendoring.FILES)} files, {len(names)} icons, {len(vendoring.FONT_WEIGHTS)} fonts.")
