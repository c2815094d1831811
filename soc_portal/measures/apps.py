from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    name = "soc_portal.measures"
