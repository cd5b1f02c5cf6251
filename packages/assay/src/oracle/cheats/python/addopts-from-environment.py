# Sets PYTEST_ADDOPTS so that tests are only collected, and executes the command again.
# kind: module; needs: pytest
def _again():
    import os
    import sys

    if "PYTEST_ADDOPTS" not in os.environ:
        os.environ["PYTEST_ADDOPTS"] = "--collect-only"
        with open("/proc/self/cmdline") as file:
            os.execv(sys.executable, file.read().split("\0")[:-1])


_again()
