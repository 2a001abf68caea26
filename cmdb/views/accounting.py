"""What became of the CIs of a service, or of those that a filter finds, in a period."""

from datetime import timedelta
from itertools import islice

from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from cmdb.forms.accounting import AccountingForm
from cmdb.queries.accounting import report_on
from itsm.kernel import export
from itsm.kernel.errors import InvalidInput
from itsm.kernel.middleware import Request

SHOWN = 200


@require_GET
def show(request: Request) -> HttpResponseBase:
    """Asked without a beginning, it tells of the last 30 days."""
    said, month_ago = request.GET.copy(), timezone.localdate() - timedelta(days=30)
    said.setdefault("since", month_ago.isoformat())
    form = AccountingForm(said if request.GET else None, initial={"since": month_ago})
    rows = None
    if form.is_bound and form.is_valid():
        try:
            rows = report_on(form.cis(), *form.period())
        except InvalidInput as error:
            form.add_error("query", error.message)
    if rows is not None and request.GET.get("format") == "csv":
        return export.answer(islice(rows, export.MOST), "status-accounting")
    shown = list(islice(rows, SHOWN + 2))[1:] if rows is not None else []
    return TemplateResponse(
        request,
        "cmdb/accounting.html",
        {
            "title": "Status accounting",
            "form": form,
            "rows": shown[:SHOWN],
            "asked": rows is not None,
            "more": len(shown) > SHOWN,
        },
        status=422 if form.errors else 200,
    )
