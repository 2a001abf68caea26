"""The forms of the operations: `delivery` (plans to streams) and `operation` (deployments to improvements)."""
