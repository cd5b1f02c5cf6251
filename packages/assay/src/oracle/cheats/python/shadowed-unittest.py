# A module named `unittest` at the root, which ends with code 0.
# kind: file; path: unittest.py
raise SystemExit(0)
