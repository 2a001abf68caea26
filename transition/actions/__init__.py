"""The operations offered on each record, for buttons and for the API's `actions`: `delivery` (plans to streams) and `operation` (deployments to improvements)."""
