from datetime import date

import pytest
from subscriptions import Period


def test_a_month_has_all_its_days():
    assert Period.month(2026, 2).days == 28
    assert Period.month(2026, 12) == Period(date(2026, 12, 1), date(2027, 1, 1))


def test_the_first_day_is_in_and_the_end_is_out():
    june = Period.month(2026, 6)
    assert june.contains(date(2026, 6, 1))
    assert june.contains(date(2026, 6, 30))
    assert not june.contains(date(2026, 7, 1))
    assert not june.contains(date(2026, 5, 31))


def test_a_period_cannot_be_empty():
    with pytest.raises(ValueError, match="ends after it starts"):
        Period(date(2026, 6, 1), date(2026, 6, 1))


def test_overlap_is_what_both_have():
    june = Period.month(2026, 6)
    assert june.overlap(Period(date(2026, 6, 20), date(2026, 8, 1))) == Period(date(2026, 6, 20), date(2026, 7, 1))
    assert june.overlap(Period(date(2026, 5, 1), date(2026, 6, 3))) == Period(date(2026, 6, 1), date(2026, 6, 3))


def test_neighbours_do_not_overlap():
    assert Period.month(2026, 6).overlap(Period.month(2026, 7)) is None


def test_cutting_begins_a_piece_on_each_day_inside():
    june = Period.month(2026, 6)
    pieces = june.cut([date(2026, 6, 16), date(2026, 6, 1), date(2026, 7, 1), date(2026, 6, 16)])
    assert pieces == [Period(date(2026, 6, 1), date(2026, 6, 16)), Period(date(2026, 6, 16), date(2026, 7, 1))]
