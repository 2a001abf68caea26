"""The page that makes an improvement of what a change taught."""

from functools import partial

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from changes.models import ChangeRequest, Review
from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, form_page
from transition.forms.operation import LessonForm
from transition.operations import lessons
from transition.rules.operation import may_log
from transition.views.verbs import posted


@require_http_methods(["GET", "POST"])
def log(request: Request, number: str) -> HttpResponse:
    change: ChangeRequest = find(ChangeRequest.objects.all(), number, request.actor)
    review = Review.objects.filter(change=change).first()
    initial = {"title": change.title, "text": review.lessons if review else ""}
    return form_page(
        request,
        form=LessonForm(posted(request), initial=initial),
        perform=partial(lessons.log_improvement, change_id=change.pk),
        title=f"Make the lesson of {change.title} an improvement",
        submit_label="Log it",
        cancel_url=change.get_absolute_url(),
        record=change,
        rule=may_log,
    )
