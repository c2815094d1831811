"""The registry of measures, their roll-ups per county and month, and the hiding of small counts."""

from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    name = "soc_portal.measures"

    def ready(self):
        from soc_portal.measures.registry import discover

        discover()
