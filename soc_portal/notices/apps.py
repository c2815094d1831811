from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "soc_portal.notices"
