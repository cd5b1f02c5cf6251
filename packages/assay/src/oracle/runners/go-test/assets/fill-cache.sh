# Runs inside the sandbox: compiles what the module's packages and tests depend on, and nothing of the module itself.
set -u
find . -name go.mod -not -path "*/vendor/*" -not -path "*/testdata/*" | while IFS= read -r module; do
  cd "$(dirname "$module")" || exit 1
  format='{{if .Standard}}{{.ImportPath}}{{else if .Module}}{{if not .Module.Main}}{{.ImportPath}}{{end}}{{end}}'
  go list -e -deps -test -f "$format" ./... | grep -v -e '\[' -e '\.test$' -e '^$' -e '^unsafe$' -e '^C$' >/tmp/packages
  if [ -s /tmp/packages ]; then
    # One that cannot be compiled is somebody's mistake elsewhere, and says so when the tests run.
    xargs go build </tmp/packages || true
    # What `go test` has its vet find out about them: by a test of ours that imports all that may be imported, and is never run.
    # It ends with an error, for its folder is not there; what is wanted was stored by then.
    {
      echo "package dependencies"
      grep -v -e '\(^\|/\)internal\(/\|$\)' -e '^vendor/' /tmp/packages | sed 's/.*/import _ "&"/'
    } >/tmp/dependencies.go
    printf '{"Replace":{"%s/assay_dependencies/dependencies_test.go":"/tmp/dependencies.go"}}' "$PWD" >/tmp/overlay.json
    go test -count=1 -exec=true -overlay=/tmp/overlay.json ./assay_dependencies >/dev/null 2>&1 || true
  fi
  cd "$OLDPWD" || exit 1
done
# What everybody may read, also where another user's sandbox mounts it.
chmod -R a+rX,go-w "$GOCACHE"
