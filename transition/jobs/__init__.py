"""The jobs of transition; Celery finds them here."""

from transition.jobs import delivery, operation, pipeline

__all__ = ["delivery", "operation", "pipeline"]
