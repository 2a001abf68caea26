"""The operations offered on each record: delivery (plans to streams), operation (deployments to improvements)."""
