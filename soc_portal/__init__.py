"""The project package: settings, and the few small packages that every app stands on."""

from soc_portal.celery import app as celery_app

__all__ = ["celery_app"]
