"""`Idempotency-Key`: the same key and body give the same answer and one effect, for 24 hours.

The answer is stored in the transaction of the effect: a crash keeps both or neither.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from itsm.kernel.errors import DomainError
from itsm.kernel.locks import try_hold
from itsm.kernel.models import StoredAnswer

KEPT = timedelta(hours=24)
EXPIRES = "Idempotency-Expires"
KEPT_HEADERS = ("ETag", "Location")


class KeyReused(DomainError):
    code = "idempotency_key_reused"
    status = 422


class KeyInFlight(DomainError):
    code = "idempotency_key_in_flight"


def once(request: Request, key: str, perform: Callable[[], Response]) -> Response:
    """Perform and remember, or answer as before. Raises KeyReused, KeyInFlight."""
    route = f"{request.method} {request.path}"
    fingerprint = _fingerprint(request)
    with transaction.atomic():
        if not try_hold(f"idempotency {request.user.pk} {route} {key}"):
            raise KeyInFlight("A request with this Idempotency-Key is still under way; ask again shortly.")
        stored = StoredAnswer.objects.filter(user_id=request.user.pk, route=route, key=key).first()
        if stored:
            return _replay(stored, fingerprint)
        response = perform()
        if response.status_code < 500:
            _remember(request, route, key, fingerprint, response)
            response[EXPIRES] = _expiry(timezone.now())
        return response


def _fingerprint(request: Request) -> str:
    """Of the body; of a form with files, of its fields and files, so that a large one is not held in memory."""
    if not (request.content_type or "").startswith("multipart/"):
        return hashlib.sha256(request.body).hexdigest()
    digest = hashlib.sha256(json.dumps(sorted(request.POST.lists())).encode())
    for name, file in sorted(request.FILES.items()):
        digest.update(f"{name} {file.name}\n".encode())
        for part in file.chunks():
            digest.update(part)
        file.seek(0)
    return digest.hexdigest()


def _expiry(since: datetime) -> str:
    return (since + KEPT).isoformat(timespec="seconds")


def _replay(stored: StoredAnswer, fingerprint: str) -> Response:
    if stored.fingerprint != fingerprint:
        raise KeyReused("This Idempotency-Key was used with another body.")
    body = json.loads(bytes(stored.body)) if stored.body else None
    headers = {**stored.headers, EXPIRES: _expiry(stored.created_at), "Idempotency-Replayed": "true"}
    kind = headers.pop("Content-Type", None)
    return Response(body, status=stored.status, headers=headers, content_type=kind)


def _remember(request: Request, route: str, key: str, fingerprint: str, response: Response) -> None:
    headers = {name: response[name] for name in KEPT_HEADERS if name in response}
    if response.content_type:
        headers["Content-Type"] = response.content_type
    StoredAnswer.objects.create(
        user_id=request.user.pk,
        route=route,
        key=key,
        fingerprint=fingerprint,
        status=response.status_code,
        headers=headers,
        body=JSONRenderer().render(response.data) if response.data is not None else b"",
    )
