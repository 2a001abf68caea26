"""Meetings and improvements."""

from django.db.models import QuerySet

from transition.models import Improvement, Meeting


def listed() -> QuerySet[Meeting]:
    return Meeting.objects.select_related("series__service").order_by("-starts_at", "-pk")


def improvements() -> QuerySet[Improvement]:
    return Improvement.objects.select_related("service", "owner", "incident", "follow_up").order_by("-pk")
