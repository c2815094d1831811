from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "soc_portal.notices"

    def ready(self):
        # The outbox wakes its sender by name: a change (an action) may not import a task, which is a later layer.
        import soc_portal.notices.tasks  # noqa: F401
