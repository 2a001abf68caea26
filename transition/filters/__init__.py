"""One FilterSet per noun, for list page and API: delivery (plans to streams), operation (what came of it)."""
