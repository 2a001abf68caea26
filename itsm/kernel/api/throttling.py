"""Rate limits: so many requests a minute for each token or person, and for each address that is nobody's."""

import logging
import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

MINUTE = 60
log = logging.getLogger(__name__)


class PerMinute(BaseThrottle):
    """Counted in Valkey by the minute. When Valkey is away nobody is limited: a limit must not stop the work."""

    def allow_request(self, request: Request, view: Any) -> bool:
        signed_in = bool(request.user and request.user.is_authenticated)
        limit = settings.REQUESTS_A_MINUTE if signed_in else settings.ANONYMOUS_REQUESTS_A_MINUTE
        who = f"user:{request.user.pk}" if signed_in else f"address:{self.get_ident(request)}"
        return not limit or asked_this_minute(who) <= limit

    def wait(self) -> float:
        """Seconds until the next minute begins."""
        return MINUTE - time.time() % MINUTE


def asked_this_minute(who: str) -> int:
    """How often, this time included; 0 when Valkey is away."""
    key = f"rate:{who}:{int(time.time()) // MINUTE}"
    try:
        cache.add(key, 0, 2 * MINUTE)
        return int(cache.incr(key))
    except Exception as error:
        log.warning("Requests are not counted: the cache does not answer (%s).", type(error).__name__)
        return 0
