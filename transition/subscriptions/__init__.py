"""What transition does when something happened; read once when the program starts."""

from transition.subscriptions import delivery, operation, pipeline, streams

__all__ = ["delivery", "operation", "pipeline", "streams"]
