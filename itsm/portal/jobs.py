from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from itsm.portal import words
from itsm.portal.models import KnownWord

EVERY = timedelta(minutes=5)


@shared_task(name="portal.learn_words", time_limit=900)
def learn_words() -> int:
    """Take in the words of new titles; those of all titles when none is known yet."""
    first = not KnownWord.objects.exists()
    return words.learn(None if first else timezone.now() - EVERY - words.OVERLAP)
