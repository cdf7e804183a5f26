"""The portal: settings, assembly, and the parts below every domain (accounts, audit, common)."""

import os

# Documents in Word brought lxml, which openpyxl would read workbooks with in place of defusedxml. It looks once, when
# it is imported first.
os.environ.setdefault("OPENPYXL_LXML", "False")

from mongcai_portal.celery import app as celery_app  # noqa: E402

__all__ = ["celery_app"]
