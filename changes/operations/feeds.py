"""Make and revoke the secret addresses of calendars."""

import secrets
from datetime import datetime

from changes import rules
from changes.models import CalendarFeed
from changes.models.feed import digest_of
from cmdb.models import Service
from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, InvalidInput
from itsm.kernel.models import Team
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require

MOST = 50


class RevokedAlready(DomainError):
    code = "revoked_already"


@operation
def make(*, actor: Actor, service: Service | None = None, team: Team | None = None) -> tuple[CalendarFeed, str]:
    """An address of one's own, for a service, a team or (with neither) oneself; with its key, which is had only now."""
    require(rules.may_make_feed, actor)
    assert actor.user is not None
    if service is not None and team is not None:
        raise InvalidInput.at("team", "A calendar is of a service or of a team; make two for both.")
    if CalendarFeed.objects.filter(user=actor.user, revoked_at__isnull=True).count() >= MOST:
        raise InvalidInput.at("service", f"You have {MOST} addresses in use. Revoke those that nobody reads.")
    key = secrets.token_urlsafe(32)
    feed = CalendarFeed.objects.create(user=actor.user, service=service, team=team, digest=digest_of(key))
    events.record("changes.calendar_feed.made", feed, actor=actor)
    return feed, key


@operation
def revoke(*, feed_id: int, actor: Actor, now: datetime) -> CalendarFeed:
    """The next reading of its address finds nothing."""
    feed = CalendarFeed.objects.lock(feed_id)
    require(rules.may_revoke_feed, actor, feed)
    if feed.revoked_at:
        raise RevokedAlready("This address was revoked already.")
    feed.revoked_at = now
    feed.save(update_fields=["revoked_at"])
    events.record("changes.calendar_feed.revoked", feed, actor=actor)
    return feed
