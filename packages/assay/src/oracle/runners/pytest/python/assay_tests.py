"""Runs collected pytest items by their ids, again and again, in one process: hooks and fixtures as pytest runs them, reports left out."""

from _pytest.outcomes import Exit


class TestRun:
    def __init__(self, items):
        self._items = {item.nodeid: item for item in items}
        self._session = items[0].session if items else None

    def knows(self, test):
        """Tests that are expected to fail are told apart only by reports."""
        return test in self._items and self._items[test].get_closest_marker("xfail") is None

    def first_failure(self, tests, before_each=lambda: None):
        """The first test that does not pass and the name of its error's type; None when all pass."""
        for position, test in enumerate(tests):
            before_each()
            following = self._items[tests[position + 1]] if position + 1 < len(tests) else None
            error = self._error_of(self._items[test], following)
            if error is not None:
                return test, type(error).__name__
        return None

    def _error_of(self, item, following):
        try:
            if hasattr(item, "_request") and not item._request:
                item._initrequest()
            item.ihook.pytest_runtest_setup(item=item)
            item.ihook.pytest_runtest_call(item=item)
            # A test case keeps what went wrong in it.
            kept = item.__dict__.pop("_excinfo", None)
            error = kept[0].value if kept else None
        except (KeyboardInterrupt, Exit) as stop:
            error = stop
        except BaseException as raised:  # noqa: BLE001
            error = raised
        last = self._torn_down(item, None if error is not None else following)
        item.funcargs = None
        if hasattr(item, "_request"):
            item._request = False
        return error if error is not None else last

    def _torn_down(self, item, following):
        try:
            item.ihook.pytest_runtest_teardown(item=item, nextitem=following)
            return None
        except BaseException as error:  # noqa: BLE001
            return error
