from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "soc_portal"

    def ready(self):
        from soc_portal import checks  # noqa: F401  (importing registers them)
