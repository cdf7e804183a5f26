"""`manage.py load_demo`: demonstration users, reports and recognitions."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from mongcai_portal import env
from mongcai_portal.common.commands import faults_as_errors
from programmes.services.demo import load_demo


class Command(BaseCommand):
    """Loading twice changes nothing; passwords stay unless PORTAL_DEMO_PASSWORD names another."""

    help = "Nạp người dùng, báo cáo và quyết định công nhận minh họa (nạp lại không gây hại)"

    def handle(self, *args: Any, **options: Any) -> None:
        with faults_as_errors():
            done = load_demo(folder=settings.VAR_DIR, password=env.DEMO_PASSWORD)
        self.stdout.write(
            f"demo: users +{done.users}, households +{done.households}, rounds +{done.rounds}, "
            f"reports +{done.reports}, drafts +{done.drafts}, "
            f"recognitions +{done.recognitions}, remarks +{done.comments}, ocop products +{done.products}, "
            f"lines of money +{done.money}, figures +{done.figures}, targets +{done.targets}, "
            f"tasks +{done.tasks}, difficulties +{done.difficulties}, evaluated {done.evaluated}, "
            f"documents +{done.documents}; {done.credentials}"
        )
