"""What transition shows on the pages of lower apps; read once when the program starts."""

from transition.panels import delivery, lineage, operation

__all__ = ["delivery", "lineage", "operation"]
