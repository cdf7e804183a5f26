"""The portal: settings, assembly, and the parts below every domain (accounts, audit, common)."""

from mongcai_portal.celery import app as celery_app

__all__ = ["celery_app"]
