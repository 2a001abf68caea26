from django.urls import path

from knowledge.views import articles, coverage

app_name = "knowledge"
urlpatterns = [
    path("coverage/", coverage.show, name="coverage"),
    path("articles/", articles.list_, name="article-list"),
    path("articles/new/", articles.create, name="article-create"),
    path("articles/<str:number>/", articles.detail, name="article-detail"),
    path("articles/<str:number>/revise/", articles.revise, name="article-revise"),
    path("articles/<str:number>/submit-for-test/", articles.submit_for_test, name="article-submit-for-test"),
    path("articles/<str:number>/record-test/", articles.record_test, name="article-record-test"),
    path("articles/<str:number>/publish/", articles.publish, name="article-publish"),
    path("articles/<str:number>/describe/", articles.describe, name="article-describe"),
    path("articles/<str:number>/describes/<str:ci>/remove/", articles.stop_describing, name="article-stop-describing"),
    path("articles/<str:number>/edit/", articles.edit, name="article-edit"),
    path("articles/<str:number>/feedback/", articles.feedback, name="article-feedback"),
    path("articles/<str:number>/retire/", articles.retire, name="article-retire"),
]
