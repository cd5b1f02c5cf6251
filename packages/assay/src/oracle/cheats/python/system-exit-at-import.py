# Raises SystemExit(0) while the module is imported.
# kind: module
raise SystemExit(0)
