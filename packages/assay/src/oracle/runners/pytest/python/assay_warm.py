"""Brings a process to the point where a candidate needs nothing but its own modules."""

import importlib
import importlib.metadata
import os
import sys
import tempfile

import assay_options

_SAMPLE = """
import unittest
import pytest


@pytest.fixture
def one():
    yield 1


@pytest.mark.parametrize("value", [1, 2])
def test_value(one, value, tmp_path, monkeypatch):
    with pytest.raises(ValueError):
        raise ValueError("expected")
    assert value == one + value - 1, "message"


class TestCase(unittest.TestCase):
    def test_equal(self):
        self.assertEqual([1], [1])


def test_different(capsys):
    assert [1, 2] == [1, 3]
"""


def warm(project, here, known=None):
    """
    Loads pytest, its installed plugins and what they load for a small run, and nothing of the project. Tells how many
    distributions bring plugins of their own, and the names of what was loaded, which another process of the same interpreter may be
    given as `known`.
    """
    plugins = _keep_plugin_distributions()
    names = known or _modules_of_a_run(here)
    for name in names:
        try:
            importlib.import_module(name)
        except Exception:  # noqa: BLE001
            pass
    for name in project_modules(project):
        del sys.modules[name]
    importlib.invalidate_caches()
    return plugins, names


def project_modules(project):
    return [
        name for name, module in list(sys.modules.items())
        if project.relative(getattr(module, "__file__", None) or "") is not None
    ]


def _keep_plugin_distributions():
    """pytest reads the metadata of every installed distribution at each start, to find its plugins: once is enough."""
    found = [
        dist for dist in importlib.metadata.distributions()
        if any(entry.group == "pytest11" for entry in dist.entry_points)
    ]
    original = importlib.metadata.distributions

    def distributions(**kwargs):
        return original(**kwargs) if kwargs else iter(found)

    importlib.metadata.distributions = distributions
    return len(found)


def _modules_of_a_run(here):
    """Names of the modules that pytest and its installed plugins load for a small run, found out by a child."""
    source, sink = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            _run_sample(here)
            names = "\n".join(name for name in list(sys.modules) if not name.startswith(("test_sample", "__")))
            os.write(sink, names.encode())
        finally:
            os._exit(0)
    os.close(sink)
    with os.fdopen(source, "rb") as stream:
        names = stream.read().decode()
    os.waitpid(pid, 0)
    return names.split("\n") if names else []


def _run_sample(here):
    import pytest

    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 1)
    os.dup2(null, 2)
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "test_sample.py")
        with open(path, "w") as file:
            file.write(_SAMPLE)
        config = os.path.join(here, "empty.ini")
        pytest.main(["-q", "--noconftest", "-c", config, "--rootdir=" + directory, path])
