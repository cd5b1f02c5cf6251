# Ends the process with code 0 while the module is imported.
# kind: module
import os

os._exit(0)
