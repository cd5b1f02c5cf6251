"""In a screen's child: runs the given tests in the given order and ends the process at the first that does not pass."""

import os

import pytest
from _pytest.outcomes import OutcomeException

import assay_failure
import assay_options
import assay_swapping


class ScreenPlugin:
    """`at_collection` is called when pytest is about to collect; it returns only in a child that has called `begin`."""

    def __init__(self, project, at_collection=None):
        self._project = project
        self._at_collection = at_collection
        self._tell = None
        self._tests = ()
        self._wanted = 0
        self._may_skip = frozenset()
        self._passed = 0
        self._test = None
        self._answered = False
        self._between = None

    def collect_for(self, between):
        """This process only collects, and goes on in forks of its own: `Between`."""
        self._between = between
        between.begin()

    def begin(self, tell, tests):
        """`tests`: ids, or files of which all tests are meant; those of a file may be skipped, but there must be one."""
        self._tell = tell
        self._tests = tests

    def _end(self, kind, error=None, **fields):
        if error is not None:
            failure = assay_failure.describe(error, None, self._project)
            fields.update(failureType=failure["type"], message=failure["message"])
        if self._test is not None:
            fields["test"] = self._test
        if self._tell is not None:
            self._tell({"kind": kind, **fields})
        # Nothing that could still happen changes a failure, and a pass is checked again elsewhere.
        os._exit(0)

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_cmdline_parse(self):
        result = yield
        if result.excinfo is not None:
            self._end("failed", result.excinfo[1])

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_cmdline_main(self):
        result = yield
        if result.excinfo is not None:
            self._end("failed", result.excinfo[1])
        self._end("failed", failureType="NotRun", message="pytest ended before all tests had run")

    @pytest.hookimpl(tryfirst=True)
    def pytest_load_initial_conftests(self, args):
        assay_options.drop_disruptive(args)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session):
        if self._at_collection is not None:
            self._at_collection(session)

    def pytest_internalerror(self, excinfo):
        self._end("failed", excinfo.value)

    def pytest_keyboard_interrupt(self, excinfo):
        self._end("failed", excinfo.value)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_make_collect_report(self, collector):
        result = yield
        if result.excinfo is not None:
            self._end("failed", result.excinfo[1])
        report = result.get_result()
        call = getattr(report, "call", None)
        if report.outcome == "failed":
            error = call.excinfo.value if call is not None and call.excinfo is not None else None
            if error is None:
                self._end("failed", failureType="CollectError", message=str(report.longrepr)[:1000])
            self._end("failed", error)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items):
        if self._between is None:
            self._choose(items)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session):
        if self._between is None:
            return
        if isinstance(self._between, assay_swapping.Swapper):
            self._between.serve(session.items)
        rebind = self._between.serve(self.begin)
        try:
            rebind()
        except BaseException as error:  # noqa: BLE001 - as when a test module cannot be imported
            self._end("failed", error)
        self._choose(session.items)

    def _choose(self, items):
        by_id = {item.nodeid: item for item in items}
        by_file = {}
        for item in items:
            by_file.setdefault(item.nodeid.split("::", 1)[0], []).append(item.nodeid)
        chosen = {}
        for test in self._tests:
            ids = [test] if test in by_id else by_file.get(test, ())
            if not ids:
                self._test = test
                self._end("failed", failureType="NotCollected", message="the test was not collected")
            chosen.update(dict.fromkeys(ids))
        items[:] = [by_id[nodeid] for nodeid in chosen]
        self._wanted = len(items)
        self._may_skip = frozenset(chosen).difference(self._tests)

    def pytest_runtest_logstart(self, nodeid):
        self._test = nodeid
        self._answered = False
        self._tell({"running": nodeid})

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self, item, call):
        # Most candidates fail: formatting a traceback nobody reads would be the greater part of their time.
        if call.excinfo is not None and not isinstance(call.excinfo.value, OutcomeException):
            if item.get_closest_marker("xfail") is None:
                self._end("failed", call.excinfo.value)
        result = yield
        if result.excinfo is None and call.excinfo is not None and result.get_result().outcome == "failed":
            self._end("failed", call.excinfo.value)

    def pytest_runtest_logreport(self, report):
        if report.outcome == "failed":
            self._end("failed", failureType="Failed", message=str(report.longrepr)[:1000])
        if report.outcome == "skipped":
            if report.nodeid not in self._may_skip:
                self._end("failed", failureType="Skipped", message="the test was skipped")
            self._answered = True
        if report.when == "call":
            self._answered = True

    def pytest_runtest_logfinish(self):
        if not self._answered:
            self._end("failed", failureType="NotRun", message="the test had no outcome")
        self._passed += 1
        self._test = None
        if self._passed == self._wanted:
            self._end("passed")
