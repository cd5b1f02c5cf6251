"""Command line for a one-shot, unbuffered, single-process run that still respects the project's configuration."""

import importlib.util
import os

# Options of a project's `addopts` that make a run interactive, endless, partial, or dependent on an earlier one.
_FLAGS = {
    "-f", "--looponfail", "--pdb", "--trace", "--co", "--collect-only", "--lf", "--last-failed", "--ff",
    "--failed-first", "--nf", "--new-first", "--sw", "--stepwise", "--sw-skip", "--stepwise-skip", "--sw-reset",
    "--stepwise-reset", "--cache-clear", "--setup-plan", "--setup-only", "--fixtures", "--markers", "--forked",
    "-x", "--exitfirst",
}
_WITH_VALUE = ("--randomly-seed", "--cov-fail-under", "--maxfail", "--rootdir", "--confcutdir", "--cache-show", "--color")


def drop_disruptive(args):
    """Removes them in place."""
    kept = []
    skip = False
    for arg in args:
        name = arg.split("=", 1)[0]
        if skip:
            skip = False
        elif name in _WITH_VALUE:
            skip = "=" not in arg and name != "--cache-show"
        elif name not in _FLAGS:
            kept.append(arg)
    args[:] = kept


def has(module):
    try:
        return importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        return False


def fixed_options(project, here):
    config = project.pytest_config() or os.path.join(here, "empty.ini")
    options = [
        "-c", config,
        "--rootdir=" + project.root,
        "--confcutdir=" + project.root,
        "--continue-on-collection-errors",
        "--color=no",
        "--tb=line",
        "--show-capture=no",
        "-o", "cache_dir=/tmp/.assay-pytest-cache",
        "-p", "no:randomly",
    ]
    if has("xdist"):
        options += ["-n0"]
    if has("pytest_cov"):
        options += ["--no-cov"]
    return options
