"""Runs collected pytest items by their ids, again and again, in one process: hooks and fixtures as pytest runs them, reports left out."""

from _pytest.outcomes import Exit
from _pytest.runner import CallInfo


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
        if hasattr(item, "_request") and not item._request:
            item._initrequest()
        error = self._phase(item, "setup")
        if error is None:
            error = self._phase(item, "call")
        last = self._phase(item, "teardown", nextitem=following if error is None else None)
        item.funcargs = None
        if hasattr(item, "_request"):
            item._request = False
        return error if error is not None else last

    def _phase(self, item, when, **more):
        """Fixtures may look at the reports of the phases before: that of a phase that passed is made, and nobody else is told of it."""
        hook = getattr(item.ihook, "pytest_runtest_" + when)
        call = CallInfo.from_call(lambda: hook(item=item, **more), when=when, reraise=(Exit,))
        if call.excinfo is not None:
            return call.excinfo.value
        # A test case keeps what went wrong in it.
        kept = item.__dict__.pop("_excinfo", None)
        if kept:
            return kept[0].value
        report = item.ihook.pytest_runtest_makereport(item=item, call=call)
        return None if report.outcome == "passed" else AssertionError(str(report.longrepr)[:200])
