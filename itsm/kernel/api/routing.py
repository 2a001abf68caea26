"""Routes of the REST API: each collection takes lists too, and the root names every one."""

from typing import Any

from rest_framework.routers import SimpleRouter


class Router(SimpleRouter):
    """As REST framework's own, with PATCH and DELETE of lists on the collection."""

    def get_routes(self, viewset: Any) -> Any:
        collection, *rest = super().get_routes(viewset)
        mapping = {**collection.mapping, "patch": "bulk_update", "delete": "bulk_destroy"}
        return [collection._replace(mapping=mapping), *rest]
