"""WSGI entry point for gunicorn, which loads it once and then forks."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mongcai_portal.settings")

application = get_wsgi_application()

from mongcai_portal.common.checks import refuse_start  # noqa: E402 - the applications are loaded by the line above
from mongcai_portal.common.warming import warm  # noqa: E402

refuse_start()
warm()
