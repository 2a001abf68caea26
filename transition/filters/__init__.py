"""One FilterSet per noun, for the list page and the API: delivery (plans to streams), operation (deployments to improvements)."""
