"""One FilterSet per noun, for the list page and the API alike: `delivery` (plans to streams) and `operation` (deployments to improvements)."""
