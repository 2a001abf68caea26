"""Canonical JSON: one value, one spelling, whatever wrote it down. The vectors are RFC 8785's where it has some."""

import json
import struct
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from itsm.kernel.canonical import canonical
from itsm.kernel.roles import Role

# The RFC's appendix B: the bits of a double, and its spelling.
NUMBERS = {
    "0000000000000000": "0",
    "8000000000000000": "0",
    "0000000000000001": "5e-324",
    "8000000000000001": "-5e-324",
    "7fefffffffffffff": "1.7976931348623157e+308",
    "4340000000000000": "9007199254740992",
    "c340000000000000": "-9007199254740992",
    "4430000000000000": "295147905179352830000",
    "44b52d02c7e14af5": "9.999999999999997e+22",
    "44b52d02c7e14af6": "1e+23",
    "44b52d02c7e14af7": "1.0000000000000001e+23",
    "444b1ae4d6e2ef4e": "999999999999999700000",
    "444b1ae4d6e2ef50": "1e+21",
    "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d": "0.000001",
    "41b3de4355555553": "333333333.3333332",
    "41b3de4355555555": "333333333.3333333",
    "becbf647612f3696": "-0.0000033333333333333333",
}


@pytest.mark.parametrize(("bits", "spelling"), NUMBERS.items())
def test_numbers_are_spelled_as_the_rfc_spells_them(bits, spelling):
    assert canonical(struct.unpack(">d", bytes.fromhex(bits))[0]).decode() == spelling


def test_the_rfcs_example_is_spelled_as_there():
    value = json.loads(
        r'{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],'
        r'"string": "\u20ac$\u000F\u000aA\u0027\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}'
    )
    assert canonical(value).decode() == (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        r'"string":"€$\u000f\nA' + "'" + r'B\"\\\\\"/"}'
    )


def test_keys_stand_in_the_order_of_their_utf_16_units():
    """The RFC's own example: an emoji (a surrogate pair) stands before the letters above the surrogates."""
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\x80", "\u00f6"]
    assert list(json.loads(canonical(dict.fromkeys(keys)))) == ["\r", "1", "\x80", "ö", "€", "😀", "\ufb33"]


VECTORS = [
    ({"b": 1, "a": {"d": [], "c": {}}}, '{"a":{"c":{},"d":[]},"b":1}'),
    ({"1": None, "10": True, "2": False}, '{"1":null,"10":true,"2":false}'),
    (1.0, "1"),
    (10**20, "100000000000000000000"),
    (True, "true"),
    ("Zürich Å Å", '"Zürich Å Å"'),
    ("\x7f\u2028</script>", '"\x7f\u2028</script>"'),
    ("\b\t\n\f\r\x00", r'"\b\t\n\f\r\u0000"'),
    (Role.CAB_MEMBER, '"cab_member"'),
    (gettext_lazy("Ledger"), '"Ledger"'),
    (Decimal("1.50"), '"1.50"'),
    (date(2026, 11, 23), '"2026-11-23"'),
    (datetime(2026, 11, 23, 13, tzinfo=timezone(timedelta(hours=1))), '"2026-11-23T12:00:00.000000+00:00"'),
]


@pytest.mark.parametrize(("value", "spelling"), VECTORS)
def test_each_value_has_one_spelling(value, spelling):
    assert canonical(value).decode() == spelling


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), 2**53 + 1, 10**400, "\ud800", {1: 2}, {1, 2}, b"x", datetime(2026, 1, 1)]
)
def test_it_refuses_what_json_cannot_say_exactly(value):
    with pytest.raises((ValueError, TypeError)):
        canonical({"value": value} if not isinstance(value, dict) else value)


text = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
exact = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
json_values = st.recursive(
    st.none() | st.booleans() | exact | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=8,
)


@given(json_values)
def test_what_reads_it_back_spells_it_the_same(value):
    assert canonical(json.loads(canonical(value))) == canonical(value)


@given(st.dictionaries(text, st.integers(0, 9), max_size=6), st.randoms())
def test_the_order_in_which_keys_came_does_not_matter(value, random):
    pairs = list(value.items())
    random.shuffle(pairs)
    assert canonical(dict(pairs)) == canonical(value)
