from decimal import Decimal

import pytest
from subscriptions import round_cents, share


def test_half_a_cent_is_rounded_away_from_zero():
    assert round_cents(Decimal("0.125")) == Decimal("0.13")
    assert round_cents(Decimal("-0.125")) == Decimal("-0.13")


def test_shares_follow_the_weights():
    assert share(Decimal("10.00"), [3, 1]) == [Decimal("7.50"), Decimal("2.50")]


def test_shares_add_up_when_cents_are_left_over():
    parts = share(Decimal("100.00"), [1, 1, 1])
    assert parts == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]
    assert sum(parts) == Decimal("100.00")


def test_the_largest_remainder_gets_the_cent():
    assert share(Decimal("0.10"), [1, 2]) == [Decimal("0.03"), Decimal("0.07")]


def test_weights_of_nothing_are_refused():
    with pytest.raises(ValueError, match="more than zero"):
        share(Decimal("1.00"), [0, 0])
