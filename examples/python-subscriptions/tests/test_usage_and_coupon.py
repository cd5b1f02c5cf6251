from datetime import date
from decimal import Decimal

import pytest
from subscriptions import Coupon, Period, UsageRecord, units_in

JUNE = Period.month(2026, 6)


def test_only_usage_in_the_period_counts():
    records = [
        UsageRecord(date(2026, 5, 31), 7),
        UsageRecord(date(2026, 6, 1), 10),
        UsageRecord(date(2026, 6, 30), 20),
        UsageRecord(date(2026, 7, 1), 40),
    ]
    assert units_in(records, JUNE) == 30


def test_corrections_never_bring_usage_below_zero():
    assert units_in([UsageRecord(date(2026, 6, 2), 5), UsageRecord(date(2026, 6, 3), -8)], JUNE) == 0


def test_a_percentage_is_taken_off():
    assert Coupon("SPRING", percent=15).discount(Decimal("29.99")) == Decimal("4.50")


def test_a_percentage_and_an_amount_are_taken_off_together():
    assert Coupon("BOTH", percent=10, amount=Decimal("5.00")).discount(Decimal("50.00")) == Decimal("10.00")


def test_a_coupon_never_takes_more_than_there_is():
    assert Coupon("FIFTY", amount=Decimal("50.00")).discount(Decimal("30.00")) == Decimal("30.00")


def test_a_coupon_can_be_used_on_its_last_day():
    assert Coupon("JUNE", expires=date(2026, 6, 1)).applies_to(JUNE)
    assert not Coupon("MAY", expires=date(2026, 5, 31)).applies_to(JUNE)


@pytest.mark.parametrize("percent", [-1, 101])
def test_a_senseless_percentage_is_refused(percent):
    with pytest.raises(ValueError, match="% off"):
        Coupon("ODD", percent=percent)
