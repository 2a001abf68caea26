"""A matrix that would not notice a missing right is worth nothing: each right is taken away, and must be missed.

What a stranger's requests cannot show is named here; `make mutations` shows that another test misses each.
"""

from collections import defaultdict

from cmdb.portfolio.points import POINTS
from itsm.kernel import permissions
from tests.rights.mutations import MODULES, rules_of
from tests.rights.probes import Cast, body_of, path_of, record_for, undone, verdict
from tests.rights.routes import Route, all_routes

# Whoever is signed in may comment; the others only draw a button or open a form, their operations ask more.
REFUSE_NOBODY_HERE = {
    "may_comment", "may_decide", "may_plan_task", "may_waive", "may_verify_some", "may_try_policy",
    "_requires", "_plans_package",
    "may_make_feed",  # refuses machines
    "may_revoke_feed", "may_revoke", "may_end", "may_send_again",  # those of others are not found
    "may_tell_of",  # asked of each event of a batch, which is answered as a whole
}  # fmt: skip


# Asked behind may_pass_some_point, which refuses a stranger first, or only for a service that is live already;
# tests/cmdb/test_points.py asks each.
# The last three ask for another person than who proposed, wrote or takes part, behind the right to do it at all;
# tests/changes asks each.
BEHIND_ANOTHER = {point.rule.__name__ for point in POINTS} | {
    "may_adopt_service", "may_approve_standard", "may_enforce_policy", "may_go_on"
}  # fmt: skip

# Asked before another right that refuses a stranger too; it decides alone about what is read.
BEFORE_ANOTHER = {"may_see"}


def probed(route: Route, cast: Cast, monkeypatch) -> str:
    with undone():
        path = path_of(route, record_for(route, cast.own.user))
        return verdict(cast.stranger.ask(route, path, body_of(route, path, cast.admin, monkeypatch)))


def test_the_matrix_goes_red_for_each_right_that_is_taken_away(cast, db, monkeypatch):
    refused = defaultdict(list)
    plain = permissions.allowed

    def listening(rule, actor, record=None):
        answer = plain(rule, actor, record)
        if not answer and actor.user == cast.stranger.user:
            refused[rule].append(asked_of)
        return answer

    routes = [route for route in all_routes() if route.is_api and not route.is_read]
    with monkeypatch.context() as patch:
        patch.setattr(permissions, "allowed", listening)
        for asked_of in routes:
            probed(asked_of, cast, monkeypatch)
    known = [rule for module in MODULES for rule in rules_of(module).values()]
    never = {rule.__name__ for rule in known if rule not in refused}
    assert never == REFUSE_NOBODY_HERE | BEHIND_ANOTHER, "no row of the matrix would miss these"
    for rule, where in [(r, refused[r]) for r in known if r in refused and r.__name__ not in BEFORE_ANOTHER]:
        with monkeypatch.context() as patch:
            patch.setattr(permissions, "allowed", lambda r, a, o=None, gone=rule: r is gone or plain(r, a, o))
            missed = any(probed(route, cast, monkeypatch) == "may" for route in where[:3])
            assert missed, f"the matrix stays green without {rule.__name__}"
