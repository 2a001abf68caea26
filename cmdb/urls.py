from django.urls import path

from cmdb.views import accounting, baselines, cis, classes, groups, impact, relation_proposals, relations, services

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
    path("cis/<str:number>/impact/", impact.impact, name="ci-impact"),
    path("cis/<str:number>/group/", groups.form, name="ci-group"),
    path("cis/<str:number>/groups/<int:group>/edit/", groups.edit, name="relation-group-edit"),
    path("cis/<str:number>/groups/<int:group>/dissolve/", groups.dissolve, name="relation-group-dissolve"),
    path("cis/<str:number>/edit/", cis.edit, name="ci-edit"),
    path("cis/<str:number>/move/", cis.move, name="ci-move"),
    path("cis/<str:number>/verify/", cis.verify, name="ci-verify"),
    path("cis/<str:number>/relate/", relations.relate, name="ci-relate"),
    path("cis/<str:number>/relations/<int:relation>/remove/", relations.remove, name="relation-remove"),
    path("classes/", classes.list_, name="ci-class-list"),
    path("classes/new/", classes.create, name="ci-class-create"),
    path("classes/<str:code>/", classes.detail, name="ci-class-detail"),
    path("classes/<str:code>/edit/", classes.edit, name="ci-class-edit"),
    path("relation-proposals/", relation_proposals.list_, name="relation-proposal-list"),
    path("relation-proposals/<str:number>/", relation_proposals.detail, name="relation-proposal-detail"),
    path("relation-proposals/<str:number>/accept/", relation_proposals.accept, name="relation-proposal-accept"),
    path("relation-proposals/<str:number>/dismiss/", relation_proposals.dismiss, name="relation-proposal-dismiss"),
    path("services/", services.list_, name="service-list"),
    path("services/new/", services.create, name="service-create"),
    path("services/<str:slug>/", services.detail, name="service-detail"),
    path("services/<str:slug>/edit/", services.edit, name="service-edit"),
    path("services/<str:slug>/transition/", services.transition, name="service-transition"),
]
