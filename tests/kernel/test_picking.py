"""Records named in forms: by number, slug, name, or as the suggestions write them."""

import pytest
from django import forms

from itsm.kernel.picking import PickField, PickManyField
from tests.builders import make_ci, make_class, make_service

pytestmark = pytest.mark.django_db


class PickForm(forms.Form):
    ci = PickField("ci", required=False)
    cis = PickManyField("ci", required=False)
    service = PickField("service", required=False)
    person = PickField("person", required=False)


def cleaned(**said):
    form = PickForm(said)
    assert form.is_valid(), form.errors
    return form.cleaned_data


def refused(**said):
    form = PickForm(said)
    assert not form.is_valid()
    return str(form.errors)


@pytest.mark.parametrize(
    "written", ["{name}", "{number}", "{pk}", "{name} ({number})", "{number} {name}", " {number} "]
)
def test_a_ci_is_named_in_any_of_these_ways(written):
    ci = make_ci("db 1")

    assert cleaned(ci=written.format(name=ci.name, number=ci.number, pk=ci.pk))["ci"] == ci


def test_a_service_is_named_by_slug_or_name_and_a_person_by_user_name(alice):
    shop = make_service("Online Shop")

    for said in ("online-shop", "Online Shop", "Online Shop (online-shop)", shop.number):
        assert cleaned(service=said)["service"] == shop, said
    assert cleaned(person="alice")["person"] == cleaned(person="Alice (alice)")["person"] == alice


def test_a_person_is_named_by_their_full_name_and_namesakes_are_told_apart(person):
    weiss = person("d.weiss", first_name="Dorothea", last_name="Weiss")

    assert cleaned(person="Dorothea Weiss")["person"] == cleaned(person="Dorothea Weiss (d.weiss)")["person"] == weiss
    person("d.weiss2", first_name="Dorothea", last_name="Weiss")
    assert "Dorothea Weiss (d.weiss), Dorothea Weiss (d.weiss2)" in refused(person="Dorothea Weiss")


def test_several_are_cleaned_in_their_order_once_each_and_by_one_query(django_assert_num_queries):
    first, second = make_ci("b"), make_ci("a")

    form = PickForm({"cis": f"b\n{second.number}; a ({second.number})\n\nb"})
    with django_assert_num_queries(1):
        assert form.is_valid()

    assert form.cleaned_data["cis"] == [first, second]
    assert cleaned(cis=f"{first.number},{second.number}")["cis"] == [first, second]
    assert cleaned(cis=make_ci("rack 1, left").name)["cis"][0].name == "rack 1, left"


@pytest.mark.parametrize("said", ["nothing", "RFC-1", "CI-999999999999999999", "CI-0", "(", "\x00"])
def test_it_refuses_what_names_nothing(said):
    assert "ci" in refused(ci=said)


def test_it_refuses_a_name_of_several_and_says_which():
    one, other = make_ci("db", ci_class=make_class("a")), make_ci("db", ci_class=make_class("b"))

    said = refused(ci="db")

    assert one.number in said
    assert other.number in said


def test_an_empty_field_is_none_and_what_is_there_is_shown_as_it_is_written(alice):
    ci = make_ci("db-1")
    form = PickForm(initial={"ci": ci.pk, "cis": [ci], "person": alice})

    assert f'value="db-1 ({ci.number})"' in str(form["ci"])
    assert f"db-1 ({ci.number})" in str(form["cis"])
    assert 'value="Alice (alice)"' in str(form["person"])
    assert cleaned() == {"ci": None, "cis": [], "service": None, "person": None}


def test_suggestions_are_few_fit_each_word_and_ask_once(browser_of, viewer, django_assert_max_num_queries):
    for number in range(20):
        make_ci(f"web server {number:02}")
    browser = browser_of(viewer)

    with django_assert_max_num_queries(3):
        page = browser.get("/suggest/ci/", {"cis": "server 1"}).content.decode()

    assert page.count("<option") == 11
    assert "web server 07" not in page
    assert browser.get("/suggest/ci/", {"cis": "web server 07 (CI-7)"}).content.decode().count("<option") == 1


def test_nobody_is_told_anything_before_signing_in(client):
    make_ci("web-1")

    assert b"web-1" not in client.get("/suggest/ci/", {"q": "web"}, follow=True).content


def test_only_what_one_may_see_is_suggested(browser_of, viewer, alice):
    from tests.changes.builders import make_change

    make_change(requested_by=alice, title="Close the hole", confidential=True)

    assert b"Close the hole" in browser_of(alice).get("/suggest/change/", {"q": "hole"}).content
    assert b"Close the hole" not in browser_of(viewer).get("/suggest/change/", {"q": "hole"}).content


def test_an_unknown_kind_is_not_there(browser_of, viewer):
    assert browser_of(viewer).get("/suggest/colour/", {"q": "x"}).status_code == 404


def test_a_service_is_suggested_by_what_it_does_and_says_so(client, alice):
    """A browser shows of its suggestions only those that have the typed words in what is written or said of it."""
    cards = make_service("Gift cards", summary="Pay with a card that somebody gave you.")
    client.force_login(alice)

    found = client.get("/suggest/service/", {"q": "pay"}).content.decode()

    assert '<option value="Gift cards (gift-cards)" label="Pay with a card that somebody gave you.">' in found
    assert "Do you mean Gift cards (gift-cards)?" in refused(service="pay")
    assert cleaned(service="gift-cards")["service"] == cards
