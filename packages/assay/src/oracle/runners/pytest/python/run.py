"""Runs pytest once. Stdin: one JSON object; descriptor 3: events."""

import json
import os
import sys


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    import assay_channel

    request = json.loads(assay_channel.read_all(assay_channel.take_input()))
    channel = assay_channel.Channel(request["nonce"])

    import pytest

    import assay_clock
    import assay_coverage
    import assay_options
    import assay_project
    import assay_pytest_plugin
    import assay_selection

    assay_project.take_place(request["pythonPath"])
    project = assay_project.Project(request["root"])
    project.ignore_bytecode()
    selection = assay_selection.Selection(request["selection"], project.root)
    coverage = assay_coverage.LineCoverage(project, request["sourceFiles"]) if request["coverage"] else None
    clock = assay_clock.Clock(request["testSecondsMax"])
    plugin = assay_pytest_plugin.AssayPlugin(channel, project, selection, clock, coverage, request.get("shuffleSeed"))

    channel.send("start", runnerVersion=pytest.__version__)
    args = assay_options.fixed_options(project, here) + selection.paths
    sys.argv[:] = ["pytest"] + args
    code = pytest.main(args, plugins=[plugin])
    if not plugin.interrupted and int(code) in (0, 1, 5):
        if coverage is not None:
            for path, functions in coverage.kinds():
                channel.send("kinds", file=path, functions=functions)
        channel.send("end")
    sys.exit(int(code))


if __name__ == "__main__":
    main()
