from datetime import date
from decimal import Decimal

from subscriptions import Coupon, Line, Period, UsageRecord, build_invoice

JUNE = Period.month(2026, 6)


def test_a_whole_month_costs_the_monthly_price(subscription):
    invoice = build_invoice(subscription, JUNE, usage=[])
    assert invoice.lines == (Line("Basic, 30 days", Decimal("30.00")),)
    assert invoice.total == Decimal("30.00")


def test_the_first_month_costs_only_its_days(subscription):
    invoice = build_invoice(subscription, Period.month(2026, 1), usage=[])
    assert invoice.lines == (Line("Basic, 22 days", Decimal("21.29")),)


def test_a_month_without_a_plan_costs_nothing(subscription):
    invoice = build_invoice(subscription, Period.month(2025, 6), usage=[UsageRecord(date(2025, 6, 1), 500)])
    assert invoice.lines == ()
    assert invoice.total == Decimal("0.00")


def test_units_beyond_the_included_ones_are_billed(subscription):
    invoice = build_invoice(subscription, JUNE, usage=[UsageRecord(date(2026, 6, 9), 130)])
    assert invoice.lines[-1] == Line("30 units beyond 100", Decimal("3.00"))


def test_included_units_are_not_billed(subscription):
    invoice = build_invoice(subscription, JUNE, usage=[UsageRecord(date(2026, 6, 9), 100)])
    assert len(invoice.lines) == 1


def test_an_upgrade_in_the_middle_of_a_month_bills_each_plan_for_its_days(subscription, team):
    subscription.change_plan(date(2026, 6, 11), team)
    invoice = build_invoice(subscription, JUNE, usage=[])
    assert invoice.lines == (
        Line("Basic, 10 days", Decimal("10.00")),
        Line("Team, 20 days", Decimal("60.00")),
    )


def test_usage_in_the_month_of_an_upgrade_is_billed_by_the_new_plan(subscription, team):
    subscription.change_plan(date(2026, 6, 11), team)
    invoice = build_invoice(subscription, JUNE, usage=[UsageRecord(date(2026, 6, 20), 1200)])
    assert invoice.lines[-1] == Line("200 units beyond 1000", Decimal("10.00"))


def test_the_month_after_an_upgrade_costs_the_new_price(subscription, team):
    subscription.change_plan(date(2026, 5, 20), team)
    assert build_invoice(subscription, JUNE, usage=[]).total == Decimal("90.00")


def test_tax_is_on_what_is_left_after_the_coupon(subscription):
    invoice = build_invoice(
        subscription, JUNE, usage=[], coupon=Coupon("HALF", percent=50), tax_rate=Decimal("0.19")
    )
    assert (invoice.discount, invoice.tax, invoice.total) == (Decimal("15.00"), Decimal("2.85"), Decimal("17.85"))


def test_an_expired_coupon_changes_nothing(subscription):
    old = Coupon("MAY", percent=50, expires=date(2026, 5, 31))
    assert build_invoice(subscription, JUNE, usage=[], coupon=old).total == Decimal("30.00")
