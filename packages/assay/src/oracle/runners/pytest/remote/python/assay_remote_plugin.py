"""Says which tests need what cannot travel between two processes."""

import json
import os

import pytest

# These act on, or listen to, the process of the test, where the package is not.
_LOCAL_FIXTURES = frozenset((
    "monkeypatch", "mocker", "capsys", "capfd", "capsysbinary", "capfdbinary", "capteesys", "caplog", "recwarn", "freezer", "doctest_namespace",
))
_LOCAL_MODULES = ("unittest.mock", "mock", "freezegun", "time_machine")


class RemotePlugin:
    def __init__(self, peer, fd):
        self._peer = peer
        self._fd = fd

    def note(self, test, reason):
        line = b"?" + json.dumps({"test": test, "reason": reason[:500]}).encode("ascii") + b"\n"
        while line:
            line = line[os.write(self._fd, line):]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item):
        local = _LOCAL_FIXTURES.intersection(getattr(item, "fixturenames", ()))
        if local:
            self._peer.unsupported("it uses " + sorted(local)[0])
        module = getattr(item, "module", None)
        for value in list(vars(module).values()) if module is not None else ():
            if _name_of(value) in _LOCAL_MODULES:
                self._peer.unsupported("its module uses " + _name_of(value))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logfinish(self, nodeid):
        self._tell(nodeid)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_make_collect_report(self, collector):
        yield
        self._tell(collector.nodeid)

    def _tell(self, nodeid):
        if self._peer.refused is not None:
            self.note(nodeid, self._peer.refused)
            self._peer.refused = None


def _name_of(value):
    kind = type(value)
    if kind is type(os):
        return vars(value).get("__name__", "")
    if kind in (type, type(_name_of)):
        return getattr(value, "__module__", "")
    return kind.__module__
