"""
Runs a project's tests in a process that nothing of the candidate is in: its modules are proxies. Descriptor 0: the request, then
answers; descriptor 3: events, frames for the candidate (`>`), and which tests need what cannot travel (`?`).
"""

import json
import os
import sys


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[0:1] = [here, "/assay/function", "/assay/pytest"]
    import assay_channel

    reading, writing = assay_channel.take_input(), assay_channel._move(3, os.O_WRONLY)
    import assay_borrower

    link = assay_borrower.RelayedFrames(reading, writing, 1 << 24)
    request = link.receive()
    channel = assay_channel.Channel(request["nonce"], writing)

    import pytest

    import assay_clock
    import assay_import_proxies
    import assay_options
    import assay_project
    import assay_pytest_plugin
    import assay_remote_plugin
    import assay_selection

    for name in ("changes", "errors", "frames", "handle", "handles", "lengths", "values"):
        sys.modules["_assay_" + name] = sys.modules.pop(name)
    del sys.path[0:3]
    sys.path.insert(0, "")
    assay_project.take_place(request["pythonPath"])
    project = assay_project.Project(request["root"])
    project.ignore_bytecode()
    peer = assay_borrower.Borrower(link, project)
    coverage = assay_remote_plugin.RemotePlugin(peer, writing)
    foreign = assay_import_proxies.foreign_start(project, request["oracleFiles"])
    if foreign is not None:
        coverage.note("", foreign + " takes part in starting pytest and is not the oracle's")
        sys.exit(0)
    assay_import_proxies.ImportProxies(project, request["oracleFiles"], request["sourceFiles"], peer).install()

    selection = assay_selection.Selection(request["selection"], project.root)
    clock = assay_clock.Clock(request["testSecondsMax"])
    plugin = assay_pytest_plugin.AssayPlugin(channel, project, selection, clock, None, request.get("shuffleSeed"))
    channel.send("start", runnerVersion=pytest.__version__)
    args = assay_options.fixed_options(project, "/assay/pytest") + selection.paths
    sys.argv[:] = ["pytest"] + args
    code = pytest.main(args, plugins=[plugin, coverage])
    if peer.answered == 0:
        coverage.note("", "no test reached the package")
    if peer.refused is not None:
        coverage.note("", peer.refused)
    if not plugin.interrupted and int(code) in (0, 1, 5):
        channel.send("end")
    sys.exit(int(code))


if __name__ == "__main__":
    main()
