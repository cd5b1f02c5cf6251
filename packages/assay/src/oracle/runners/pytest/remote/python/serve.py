"""The candidate's process: imports the package under test when it is asked to. Descriptor 0: frames in; descriptor 3: frames out."""

import json
import os
import sys


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[0:1] = [here, "/assay/function", "/assay/pytest"]
    import assay_channel
    import assay_lender
    import assay_project
    import frames

    reading, writing = assay_channel.take_input(), assay_channel._move(3, os.O_WRONLY)
    link = frames.Frames(reading, writing, 1 << 26)
    request = link.receive()
    del sys.path[0:3]
    sys.path.insert(0, "")
    assay_project.take_place(request["pythonPath"])
    assay_project.Project(request["root"]).ignore_bytecode()
    # The project may have modules of these names.
    for name in ("changes", "errors", "frames", "handle", "handles", "lengths", "values"):
        sys.modules["_assay_" + name] = sys.modules.pop(name)
    sys.argv[:] = ["pytest"]
    lender = assay_lender.Lender(link)
    while True:
        lender.serve(link.receive())


if __name__ == "__main__":
    main()
