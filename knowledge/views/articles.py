"""Pages of articles."""

from functools import partial
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cmdb.forms.fields import ConfirmForm
from cmdb.models import ConfigurationItem
from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, form_page, list_page, record_page
from itsm.kernel.permissions import allowed
from knowledge import rules
from knowledge.actions import ARTICLE_ACTIONS
from knowledge.filters import ArticleFilter
from knowledge.forms import (
    ArticleForm,
    DescribeForm,
    FactsForm,
    FeedbackForm,
    RetireForm,
    TestForm,
    VersionForm,
)
from knowledge.markdown import rendered
from knowledge.models import Article, ArticleVersion
from knowledge.operations import articles
from knowledge.queries import articles as ask
from knowledge.tables import ArticleTable
from knowledge.trust import rows_of

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
    article: Article = find(ask.listed(), number, request.actor)
    shown = _shown(article, request.GET.get("version"))
    versions = list(ask.versions_of(article))
    feedback, said, helped = ask.feedback_on(article)
    in_use = article.state != Article.State.RETIRED
    return record_page(
        request,
        article,
        "knowledge/article/detail.html",
        page="knowledge.article",
        title=article.title,
        actions=ARTICLE_ACTIONS,
        crumbs=CRUMBS,
        facts=_facts(article),
        trust=rows_of(article, versions, actor=request.actor, today=timezone.localdate()),
        shown=shown,
        body=rendered(shown.body),
        describes=ask.described_by(article),
        may_edit=in_use and allowed(rules.may_edit, request.actor, article),
        may_comment=in_use and allowed(rules.may_comment, request.actor, article),
        versions=versions,
        feedback=feedback,
        said=said,
        helped=helped,
    )


def _shown(article: Article, asked: str | None) -> ArticleVersion:
    """The version asked for; else what readers get; else the draft."""
    if asked is not None and asked.isdecimal() and len(asked) < 6:
        return get_object_or_404(article.versions.select_related("author"), version=int(asked))
    return article.published or article.current  # type: ignore[return-value]


def _facts(article: Article) -> list[tuple[str, object, str | None]]:
    return [
        ("Owner", article.owner, None),
        ("For", article.audience or "everybody", None),
        ("Review due", article.review_due or "–", None),
        ("CI", article.ci.number, article.ci.get_absolute_url()),
    ]


def _verb(
    request: Request, number: str, form: type[forms.Form], operate: Any, title: str, label: str, **more: Any
) -> HttpResponse:
    article: Article = find(ask.listed(), number, request.actor)
    return form_page(
        request,
        form=form(request.POST if request.method == "POST" else None, initial=_initial(article, form)),
        perform=partial(operate, article_id=article.pk),
        title=f"{title}: {article.title}",
        submit_label=label,
        cancel_url=article.get_absolute_url(),
        record=article,
        **more,
    )


def _initial(article: Article, form: type[forms.Form]) -> dict[str, Any]:
    if form is VersionForm and article.current:
        return {"body": article.current.body}
    return {name: getattr(article, name) for name in form.base_fields if form is FactsForm}


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    return form_page(
        request,
        form=ArticleForm(
            request.POST if request.method == "POST" else None, initial={"describes": request.GET.get("describes", "")}
        ),
        perform=partial(articles.draft, now=timezone.now()),
        title="Write an article",
        submit_label="Keep the draft",
        cancel_url=reverse("knowledge:article-list"),
        crumbs=CRUMBS,
        rule=rules.may_draft,
    )


@require_http_methods(["GET", "POST"])
def edit(request: Request, number: str) -> HttpResponse:
    return _verb(request, number, FactsForm, articles.update, "Edit", "Save", rule=rules.may_edit)


@require_http_methods(["GET", "POST"])
def revise(request: Request, number: str) -> HttpResponse:
    operate = partial(articles.revise, now=timezone.now())
    intro = "Readers keep the published version until this one has been tested and published."
    return _verb(
        request, number, VersionForm, operate, "New version", "Keep the draft", rule=rules.may_edit, intro=intro
    )


@require_http_methods(["GET", "POST"])
def submit_for_test(request: Request, number: str) -> HttpResponse:
    intro = "Somebody other than its author does what it says and records what came of it."
    operate, label = articles.submit_for_test, "Submit for test"
    return _verb(request, number, ConfirmForm, operate, label, label, rule=rules.may_edit, intro=intro)


@require_http_methods(["GET", "POST"])
def record_test(request: Request, number: str) -> HttpResponse:
    operate = partial(articles.record_test, now=timezone.now())
    intro = "Do what the article says, step by step, and say what came of it."
    return _verb(
        request, number, TestForm, operate, "Record a test", "Record the test", rule=rules.may_test, intro=intro
    )


@require_http_methods(["GET", "POST"])
def publish(request: Request, number: str) -> HttpResponse:
    operate = partial(articles.publish, now=timezone.now())
    intro = "Readers get this version from now on."
    return _verb(request, number, ConfirmForm, operate, "Publish", "Publish", rule=rules.may_publish, intro=intro)


@require_http_methods(["GET", "POST"])
def retire(request: Request, number: str) -> HttpResponse:
    return _verb(
        request,
        number,
        RetireForm,
        articles.retire,
        "Retire",
        "Retire",
        rule=rules.may_publish,
        danger=True,
        intro="It stays for the record; it no longer covers what it describes.",
    )


@require_http_methods(["GET", "POST"])
def describe(request: Request, number: str) -> HttpResponse:
    return _verb(request, number, DescribeForm, articles.describe, "Link a CI", "Link", rule=rules.may_edit)


@require_http_methods(["GET", "POST"])
def stop_describing(request: Request, number: str, ci: str) -> HttpResponse:
    item = find(ConfigurationItem.objects, ci, request.actor)
    operate = partial(articles.stop_describing, ci=item)
    intro = f"It no longer describes {item.name}, and no longer covers it."
    return _verb(
        request, number, ConfirmForm, operate, "Take a link away", "Take it away", rule=rules.may_edit, intro=intro
    )


@require_http_methods(["GET", "POST"])
def feedback(request: Request, number: str) -> HttpResponse:
    operate = partial(articles.give_feedback, now=timezone.now())
    return _verb(request, number, FeedbackForm, operate, "Feedback", "Send", rule=rules.may_comment)
