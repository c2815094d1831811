from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "soc_portal.access"

    def ready(self):
        from soc_portal.access import wall_checks  # noqa: F401  (importing registers them)
