from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class KernelConfig(AppConfig):
    name = "itsm.kernel"
    label = "kernel"
    verbose_name = "Shared kernel"

    def ready(self) -> None:
        # Each app's events.py before anything can happen, and what its forms may name.
        autodiscover_modules("events", "picks")
        from itsm.kernel.watching import parts
        from itsm.kernel.webhooks import events, messages

        self.reads = (events, messages, parts)
