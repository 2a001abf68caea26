"""Pages of administrators, and of nobody else."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.views.decorators.cache import never_cache

from itsm.kernel.middleware import Request
from itsm.kernel.people.rules import may_administer
from itsm.kernel.permissions import allowed, refusal_of

CRUMBS = [("Administration", "/administration/")]
View = Callable[..., HttpResponse]


def for_administrators(view: View) -> View:
    """Nobody else learns so much as whether the record is there."""

    @wraps(view)
    def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if not allowed(may_administer, request.actor):
            raise PermissionDenied(refusal_of(may_administer))
        return view(request, *args, **kwargs)

    return never_cache(guarded)  # type: ignore[no-any-return]
