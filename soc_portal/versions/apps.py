from django.apps import AppConfig


class VersionsConfig(AppConfig):
    name = "soc_portal.versions"
