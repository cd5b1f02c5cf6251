# Ends the process with code 0 from a thread, a moment after the module was imported.
# kind: module
import os
import threading

_timer = threading.Timer(0.02, os._exit, [0])
_timer.daemon = True
_timer.start()
