from django.urls import path

from cmdb.views import cis, services

app_name = "cmdb"
urlpatterns = [
    path("cis/", cis.list_, name="ci-list"),
    path("cis/new/", cis.create, name="ci-create"),
    path("cis/<str:number>/", cis.detail, name="ci-detail"),
    path("cis/<str:number>/graph/", cis.graph, name="ci-graph"),
    path("cis/<str:number>/edit/", cis.edit, name="ci-edit"),
    path("cis/<str:number>/move/", cis.move, name="ci-move"),
    path("cis/<str:number>/verify/", cis.verify, name="ci-verify"),
    path("cis/<str:number>/relate/", cis.relate, name="ci-relate"),
    path("classes/", cis.class_list, name="ci-class-list"),
    path("services/", services.list_, name="service-list"),
    path("services/new/", services.create, name="service-create"),
    path("services/<str:slug>/", services.detail, name="service-detail"),
    path("services/<str:slug>/edit/", services.edit, name="service-edit"),
    path("services/<str:slug>/transition/", services.transition, name="service-transition"),
]
