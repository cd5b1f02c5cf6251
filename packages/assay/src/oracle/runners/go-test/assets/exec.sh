# Runs inside the sandbox, between `go test` and each test binary. Go's testing writes a profile when it ends by itself, and only
# then: a process that ends with success before that, whatever it printed, did not pass.
profile=$(mktemp -u /tmp/assay-end-XXXXXXXXXX)
binary=$1
shift
"$binary" "$@" -test.memprofile="$profile"
code=$?
if [ "$code" = 0 ] && [ ! -s "$profile" ]; then
  # A test that prints this itself only harms itself.
  printf '\nassay: ended with success too early\n'
  code=113
fi
rm -f "$profile"
exit "$code"
