"""
The faster way to serve candidates: pytest is configured and its session started once, before anything of the project is loaded;
a child goes on from there with collection. It needs a project whose conftest files take no part in starting pytest up.
"""

import os
import re

import assay_screen_plugin
import assay_selection
import assay_warm

_STARTUP_HOOKS = re.compile(
    r"pytest_plugins|pytest_addoption|pytest_addhooks|pytest_cmdline|pytest_load_initial|pytest_sessionstart|pytest_collection\b"
)
_DIRECTORIES_MAX = 5000


def possible(project, options):
    return not _conftest_takes_part(project) and _stays_out_of_the_project(project, options)


def _conftest_takes_part(project):
    seen = 0
    for directory, names, files in os.walk(project.root):
        names[:] = [name for name in names if not name.startswith(".") and name not in ("node_modules", "site-packages")]
        seen += 1
        if seen > _DIRECTORIES_MAX:
            return True
        if "conftest.py" in files:
            with open(os.path.join(directory, "conftest.py"), encoding="utf-8", errors="replace") as file:
                if _STARTUP_HOOKS.search(file.read()):
                    return True
    return False


def _stays_out_of_the_project(project, options):
    """A child tries it: configuration and plugins may load modules of the project, which must stay unloaded here."""
    source, sink = os.pipe()
    pid = os.fork()
    if pid == 0:
        def reached(_session):
            os.write(sink, b"0" if assay_warm.project_modules(project) else b"1")
            os._exit(0)

        try:
            _quiet()
            _start(project, options, reached)
        finally:
            os._exit(1)
    os.close(sink)
    with os.fdopen(source, "rb") as stream:
        answer = stream.read()
    os.waitpid(pid, 0)
    return answer == b"1"


def serve(project, options, compiled, serve_requests):
    def at_collection(session):
        compiled.prepare(session.config)

        def run_pytest(tell, tests):
            plugin.begin(tell, tests)
            session.config.args[:] = assay_selection.test_files(project, tests)

        between = serve_requests(run_pytest)
        # Only a child comes here: on with its collection.
        if between is not None:
            plugin.collect_for(between)
            session.config.args[:] = between.files
        session.config.pluginmanager._noconftest = False

    plugin = assay_screen_plugin.ScreenPlugin(project, at_collection)
    _quiet()
    _start(project, options, plugin=plugin)


def _start(project, options, reached=None, plugin=None):
    import pytest

    plugin = plugin or assay_screen_plugin.ScreenPlugin(project, reached)
    pytest.main(options + ["--noconftest", project.root], plugins=[plugin])


def _quiet():
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 1)
