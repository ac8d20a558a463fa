# shellcheck shell=sh
# What the tests are made of. To be sourced, in the folder of the tests.
# shellcheck disable=SC2034  # Some of it is used by one file only.

work=$(mktemp -d) || exit 74
stop() {
    # `timeout` hands on what ends it only where it can still do so.
    for started in $children; do kill -TERM "$started" 2>/dev/null; done
    [ -z "$children" ] || sleep 0.3
    for started in $children; do kill -KILL "$started" 2>/dev/null; done
    rm -rf "$work"
}
children=''
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
# What a run that is killed leaves behind goes with the rest.
REGIOPOST_HOME=$work/home LC_ALL=C TMPDIR=$work
export REGIOPOST_HOME LC_ALL TMPDIR
passed=0 failed=0 status=0
script=$(cd .. && pwd)/request-briefings
parts=$(cd ../parts && pwd)
vectors=$(cd ../../../Protocol/vectors && pwd)
unit=$(printf '\037')

run() {
    timeout -k 2 120 dash "$script" "$@" >"$work/out" 2>"$work/err" </dev/null
    status=$?
}
# The text of a file, with printf's escapes, then options.
csv() {
    printf '%b' "$1" >"$work/in.csv"
    shift
    run "$@" "$work/in.csv"
}

# check WHAT COMMAND…
check() {
    what=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
        return
    fi
    failed=$((failed + 1))
    printf '%s\n' "FAILED: $what: $*"
    sed 's/^/    /' "$work/out" "$work/err"
}
ends() { [ "$status" -eq "$1" ]; }
says() { grep -qF -- "$1" "$work/out"; }
complains() { grep -qF -- "$1" "$work/err"; }
silent() { [ ! -s "$work/err" ]; }
is() { [ "$1" = "$2" ]; }
summary() {
    echo "$1: $passed passed, $failed failed"
    [ "$failed" -eq 0 ]
}
# The value of a member with a text or number, on the line of the last JSON that has a pattern.
member() { grep -e "$2" "$work/out" | grep -oE "\"$1\":(\"[^\"]*\"|[0-9]+)" | head -n 1 | cut -d : -f 2- | tr -d '"'; }
