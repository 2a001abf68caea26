from django.urls import path

from cmdb.views import accounting, baselines, cis, classes, relations, services

app_name = "cmdb"
urlpatterns = [
    path("accounting/", accounting.show, name="accounting"),
    path("baselines/", baselines.list_, name="baseline-list"),
    path("baselines/new/", baselines.create, name="baseline-create"),
    path("baselines/<str:number>/", baselines.detail, name="baseline-detail"),
    path("baselines/<str:number>/diff/", baselines.diff, name="baseline-diff"),
    path("baselines/<str:number>/items/<int:ci>/", baselines.item, name="baseline-item"),
    path("cis/", cis.list_, name="ci-list"),
    path("cis/new/", cis.create, name="ci-create"),
    path("cis/<str:number>/", cis.detail, name="ci-detail"),
    path("cis/<str:number>/graph/", cis.graph, name="ci-graph"),
    path("cis/<str:number>/edit/", cis.edit, name="ci-edit"),
    path("cis/<str:number>/move/", cis.move, name="ci-move"),
    path("cis/<str:number>/verify/", cis.verify, name="ci-verify"),
    path("cis/<str:number>/relate/", relations.relate, name="ci-relate"),
    path("cis/<str:number>/relations/<int:relation>/remove/", relations.remove, name="relation-remove"),
    path("classes/", classes.list_, name="ci-class-list"),
    path("classes/new/", classes.create, name="ci-class-create"),
    path("classes/<str:code>/", classes.detail, name="ci-class-detail"),
    path("classes/<str:code>/edit/", classes.edit, name="ci-class-edit"),
    path("services/", services.list_, name="service-list"),
    path("services/new/", services.create, name="service-create"),
    path("services/<str:slug>/", services.detail, name="service-detail"),
    path("services/<str:slug>/edit/", services.edit, name="service-edit"),
    path("services/<str:slug>/transition/", services.transition, name="service-transition"),
]
