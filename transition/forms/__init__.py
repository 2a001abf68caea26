"""The forms of the operations: delivery (plans to streams), operation (deployments to improvements)."""
