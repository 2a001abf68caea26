"""Who may change the records of transition: `delivery` (plans to streams) and `operation` (deployments to improvements)."""
