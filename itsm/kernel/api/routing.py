"""Routes of the REST API: each collection takes lists too, and the root names every one."""

from typing import Any

from django.urls import NoReverseMatch, include, path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.routers import SimpleRouter
from rest_framework.views import APIView


class Router(SimpleRouter):
    """As REST framework's own, with PATCH and DELETE of lists on the collection."""

    def get_urls(self) -> list[Any]:
        """Each collection's routes below its prefix: an address is compared with the prefixes, and then with a few."""
        names = {prefix: f"{basename}-list" for prefix, _, basename in self.registry}
        below = [
            path(f"{prefix}/", include(_Collection(viewset, name).urls)) for prefix, viewset, name in self.registry
        ]
        return [path("", Root.as_view(names=names), name="root"), *below]


class _Collection(SimpleRouter):
    """The routes of one collection, without its prefix."""

    def __init__(self, viewset: Any, basename: str):
        super().__init__(use_regex_path=True)
        self.register("", viewset, basename)

    def get_routes(self, viewset: Any) -> Any:
        collection, *rest = super().get_routes(viewset)
        mapping = {**collection.mapping, "patch": "bulk_update", "delete": "bulk_destroy"}
        return [collection._replace(mapping=mapping), *rest]


class Root(APIView):
    names: dict[str, str] | None = None

    @extend_schema(operation_id="root", responses={200: {"type": "object", "additionalProperties": {"type": "string"}}})
    def get(self, request: Request) -> Response:
        """Every collection with its address."""
        return Response(
            {prefix: url for prefix, name in (self.names or {}).items() if (url := _address(name, request))}
        )


def _address(name: str, request: Request) -> str:
    try:
        return str(reverse(f"api:{name}", request=request))
    except NoReverseMatch:  # it has operations only
        return ""
