"""The candidate's process: defines the function and answers calls. Everything here is in the candidate's hands once it runs."""

import os
import sys

from handles import Peer, lend_everything

#: What the other side calls the function.
ENTRY_POINT = 0


def serve(frames):
    """Reads the source, says that it is ready or why it is not, and answers calls until nobody asks any more."""
    job = frames.receive()
    try:
        function = define(job["source"], job["entry"])
    except Exception as error:
        frames.send({"invalid": [type(error).__name__, str(error)[:2000]]})
        return
    peer = Peer(frames, lend_everything)
    peer.export(function)
    frames.send({"ready": True})
    while True:
        peer.serve(frames.receive())


def define(source, entry):
    scope = {"__name__": "solution", "__builtins__": __builtins__}
    # Modules that ask for their own name find one.
    sys.modules["solution"] = module = type(sys)("solution")
    module.__dict__.update(scope)
    exec(compile(source, "solution.py", "exec"), module.__dict__)
    function = module.__dict__.get(entry)
    if not callable(function):
        raise NameError(f"there is no function {entry}")
    return function


def close_all_but(kept):
    """Nothing inherited is left but the one socket; standard input and output lead nowhere."""
    nothing = os.open("/dev/null", os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    os.dup2(kept, 3)
    os.closerange(4, 256)
    return 3
