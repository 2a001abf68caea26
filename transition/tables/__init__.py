"""The tables of the list pages: delivery (plans to streams), operation (deployments to improvements)."""
