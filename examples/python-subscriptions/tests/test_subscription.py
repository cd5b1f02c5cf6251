from datetime import date

import pytest
from subscriptions import NotSubscribed, Period


def test_the_first_plan_holds_from_the_start(subscription, basic):
    assert subscription.plan_on(date(2026, 1, 10)) is basic
    assert subscription.plan_on(date(2027, 5, 5)) is basic


def test_there_is_no_plan_before_the_start(subscription):
    with pytest.raises(NotSubscribed, match="acme has no plan on 2026-01-09"):
        subscription.plan_on(date(2026, 1, 9))


def test_there_is_no_plan_once_it_has_ended(subscription, basic):
    subscription.ended = date(2026, 3, 1)
    assert subscription.plan_on(date(2026, 2, 28)) is basic
    with pytest.raises(NotSubscribed):
        subscription.plan_on(date(2026, 3, 1))


def test_each_change_holds_until_the_next(subscription, basic, team):
    subscription.change_plan(date(2026, 9, 1), basic)
    subscription.change_plan(date(2026, 4, 1), team)
    assert subscription.plan_on(date(2026, 3, 20)) is basic
    assert subscription.plan_on(date(2026, 6, 15)) is team
    assert subscription.plan_on(date(2026, 12, 24)) is basic


def test_a_change_on_the_same_day_replaces_the_earlier_one(subscription, basic, team):
    subscription.change_plan(date(2026, 4, 1), team)
    subscription.change_plan(date(2026, 4, 1), basic)
    assert [change.plan for change in subscription.changes] == [basic]


def test_a_change_on_the_day_it_started_is_refused(subscription, team):
    with pytest.raises(ValueError, match="after the subscription has started"):
        subscription.change_plan(date(2026, 1, 10), team)


def test_a_period_before_the_start_has_no_segments(subscription):
    assert list(subscription.segments(Period.month(2025, 12))) == []


def test_only_the_days_with_a_plan_are_in_segments(subscription, basic):
    subscription.ended = date(2026, 1, 25)
    assert list(subscription.segments(Period.month(2026, 1))) == [
        (basic, Period(date(2026, 1, 10), date(2026, 1, 25)))
    ]
