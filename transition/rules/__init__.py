"""Who may change the records: delivery (plans to streams), operation (deployments to improvements)."""
