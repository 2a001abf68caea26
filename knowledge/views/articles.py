"""Pages of articles."""

from functools import partial
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, form_page, list_page, record_page
from itsm.kernel.permissions import allowed
from knowledge import rules
from knowledge.actions import ARTICLE_ACTIONS
from knowledge.filters import ArticleFilter
from knowledge.forms import ArticleForm, ConfirmForm, DescribeForm, FeedbackForm, TestForm, VersionForm
from knowledge.markdown import rendered
from knowledge.models import Article
from knowledge.operations import articles
from knowledge.queries import articles as ask
from knowledge.tables import ArticleTable

CRUMBS = [("Articles", "/knowledge/articles/")]


@require_GET
def list_(request: Request) -> HttpResponse:
    write = {"label": "Write an article", "url": reverse("knowledge:article-create"), "primary": True}
    return list_page(
        request,
        queryset=ask.listed(),
        filterset=ArticleFilter,
        table=ArticleTable,
        title="Knowledge articles",
        empty={"title": "No article fits.", "text": "Articles say how things are done, and were tried by somebody."},
        actions=[write] if allowed(rules.may_draft, request.actor) else [],
    )


@require_GET
def detail(request: Request, number: str) -> HttpResponse:
    """The published text for readers; the draft beside it for those who work on it."""
    article = find(ask.listed(), number, request.actor)
    shown = article.published or article.current
    return record_page(
        request,
        article,
        "knowledge/article/detail.html",
        page="knowledge.article",
        title=article.title,
        actions=ARTICLE_ACTIONS,
        crumbs=CRUMBS,
        facts=[
            ("Owner", article.owner, None),
            ("Audience", article.audience or "everybody", None),
            ("Review due", article.review_due or "–", None),
            ("CI", article.ci.number, article.ci.get_absolute_url()),
        ],
        shown=shown,
        body=rendered(shown.body),
        newer=article.current if article.published and article.current_id != article.published_id else None,
        describes=ask.described_by(article),
        versions=ask.versions_of(article),
        feedback=article.feedback.select_related("by").order_by("-pk")[:10],
    )


def _verb(
    request: Request, number: str, form: type[forms.Form], operate: Any, title: str, label: str, **more: Any
) -> HttpResponse:
    article: Article = find(ask.listed(), number, request.actor)
    initial = {"body": article.current.body} if form is VersionForm and article.current else {}
    return form_page(
        request,
        form=form(request.POST if request.method == "POST" else None, initial=initial),
        perform=partial(operate, article_id=article.pk),
        title=f"{title}: {article.title}",
        submit_label=label,
        cancel_url=article.get_absolute_url(),
        record=article,
        **more,
    )


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    return form_page(
        request,
        form=ArticleForm(request.POST if request.method == "POST" else None),
        perform=partial(articles.draft, now=timezone.now()),
        title="Write an article",
        submit_label="Keep the draft",
        cancel_url=reverse("knowledge:article-list"),
        crumbs=CRUMBS,
    )


@require_http_methods(["GET", "POST"])
def revise(request: Request, number: str) -> HttpResponse:
    operate = partial(articles.revise, now=timezone.now())
    return _verb(request, number, VersionForm, operate, "New version", "Keep the draft")


@require_http_methods(["GET", "POST"])
def submit_for_test(request: Request, number: str) -> HttpResponse:
    return _verb(request, number, ConfirmForm, articles.submit_for_test, "Submit for test", "Submit for test")


@require_http_methods(["GET", "POST"])
def record_test(request: Request, number: str) -> HttpResponse:
    operate = partial(articles.record_test, now=timezone.now())
    intro = "Do what the article says, step by step, and say what came of it."
    return _verb(request, number, TestForm, operate, "Record a test", "Record the test", intro=intro)


@require_http_methods(["GET", "POST"])
def publish(request: Request, number: str) -> HttpResponse:
    operate = partial(articles.publish, now=timezone.now())
    return _verb(request, number, ConfirmForm, operate, "Publish", "Publish")


@require_http_methods(["GET", "POST"])
def retire(request: Request, number: str) -> HttpResponse:
    return _verb(request, number, ConfirmForm, articles.retire, "Retire", "Retire", danger=True)


@require_http_methods(["GET", "POST"])
def describe(request: Request, number: str) -> HttpResponse:
    return _verb(request, number, DescribeForm, articles.describe, "Link a CI", "Link")


@require_http_methods(["GET", "POST"])
def feedback(request: Request, number: str) -> HttpResponse:
    operate = partial(articles.give_feedback, now=timezone.now())
    return _verb(request, number, FeedbackForm, operate, "Feedback", "Send")
