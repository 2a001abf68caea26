from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "itsm.kernel"
    label = "kernel"
    verbose_name = "Shared kernel"
