"""The tables of the list pages: `delivery` (plans to streams) and `operation` (deployments to improvements)."""
