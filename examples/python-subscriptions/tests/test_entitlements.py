from datetime import date

from subscriptions import allows, seats_left


def test_a_plan_without_the_feature_does_not_allow_it(subscription):
    assert not allows(subscription, "sso", date(2026, 5, 1))


def test_nothing_is_allowed_without_a_plan(subscription, team):
    subscription.change_plan(date(2026, 2, 1), team)
    subscription.ended = date(2026, 3, 1)
    assert not allows(subscription, "sso", date(2026, 3, 1))
    assert not allows(subscription, "sso", date(2025, 12, 31))


def test_an_upgrade_opens_its_features_on_its_first_day(subscription, team):
    subscription.change_plan(date(2026, 5, 12), team)
    assert not allows(subscription, "sso", date(2026, 5, 11))
    assert allows(subscription, "sso", date(2026, 5, 12))


def test_seats_left_are_never_negative(subscription):
    assert seats_left(subscription, taken=1, day=date(2026, 5, 1)) == 1
    assert seats_left(subscription, taken=5, day=date(2026, 5, 1)) == 0


def test_there_are_no_seats_without_a_plan(subscription):
    assert seats_left(subscription, taken=0, day=date(2026, 1, 1)) == 0
