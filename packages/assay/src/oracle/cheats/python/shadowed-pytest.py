# A module named `pytest` at the root, which ends with code 0.
# kind: file; path: pytest.py
raise SystemExit(0)
