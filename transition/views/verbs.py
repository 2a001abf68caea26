"""One operation's page: a form (or only a button), and then the record."""

from collections.abc import Callable
from typing import Any

from django.forms import BaseForm
from django.http import HttpResponse

from itsm.kernel.middleware import Request
from itsm.kernel.pages import form_page
from transition.forms.delivery import ConfirmForm


def posted(request: Request) -> Any:
    """What a form is bound to: an empty POST is a POST."""
    return request.POST if request.method == "POST" else None


def verb(
    request: Request,
    record: Any,
    perform: Callable[..., Any],
    *,
    title: str,
    submit_label: str,
    form: BaseForm | None = None,
    **context: Any,
) -> HttpResponse:
    """`perform` gets the actor and the form's fields; without a form the button alone says it."""
    return form_page(
        request,
        form=form if form is not None else ConfirmForm(posted(request)),
        perform=perform,
        title=title,
        submit_label=submit_label,
        cancel_url=record.get_absolute_url(),
        record=record,
        **context,
    )
