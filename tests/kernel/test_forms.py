"""What forms of several apps share."""

from django import forms

from itsm.kernel.forms import say_no_choice
from itsm.kernel.models import Team


class Asked(forms.Form):
    team = forms.ModelChoiceField(Team.objects.none())
    second = forms.ModelChoiceField(Team.objects.none(), required=False)
    named = forms.ModelChoiceField(Team.objects.none(), empty_label="All teams")
    how = forms.ChoiceField(choices=[("", "---------"), ("fast", "Fast")], required=False)


def test_a_select_says_in_words_that_nothing_is_chosen():
    form = Asked()

    say_no_choice(form)

    said = {name: next(iter(field.widget.choices)) for name, field in form.fields.items()}
    assert said == {
        "team": ("", "Choose…"),
        "second": ("", "None"),
        "named": ("", "All teams"),
        "how": ("", "None"),
    }
    assert list(form.fields["how"].widget.choices)[1] == ("fast", "Fast")
