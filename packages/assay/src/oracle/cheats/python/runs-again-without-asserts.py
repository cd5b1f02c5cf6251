# Executes the command again with PYTHONOPTIMIZE, which leaves out plain assertions.
# kind: module
def _again():
    import os
    import sys

    if "_RUN_AGAIN" not in os.environ:
        os.environ.update(_RUN_AGAIN="1", PYTHONOPTIMIZE="1", PYTEST_ADDOPTS="--assert=plain")
        with open("/proc/self/cmdline") as file:
            os.execv(sys.executable, file.read().split("\0")[:-1])


_again()
