"""Meetings and improvements."""

from django.db.models import QuerySet

from transition.models import Improvement, Meeting, MeetingSeries


def listed() -> QuerySet[Meeting]:
    return Meeting.objects.select_related("series__service__owner").order_by("-starts_at", "-pk")


def improvements() -> QuerySet[Improvement]:
    return Improvement.objects.select_related("service__owner", "owner", "incident", "meeting", "follow_up").order_by(
        "-pk"
    )


def series() -> QuerySet[MeetingSeries]:
    return MeetingSeries.objects.select_related("service__owner").order_by("service", "kind", "pk")
