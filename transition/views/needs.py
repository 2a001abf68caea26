"""The list of needs: what waits for which stream, and since when."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from itsm.kernel.middleware import Request
from itsm.kernel.pages import list_page
from transition.filters.delivery import NeedFilter
from transition.queries import needs as ask
from transition.tables.delivery import NeedTable


@require_GET
def list_(request: Request) -> HttpResponse:
    return list_page(
        request,
        queryset=ask.listed(),
        filterset=NeedFilter,
        table=NeedTable,
        title="Hand-overs",
        empty={
            "title": "Nothing waits.",
            "text": "What a stream delivers makes a need in the stream that it hands over to; here it stands.",
        },
    )
