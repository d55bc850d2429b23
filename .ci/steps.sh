# shellcheck shell=bash
# Sourced by `.ci/run` and `.ci/full`. They set AIM and LIMIT: the seconds that all steps together
# should take, and the seconds that they may take. This file defines `step` and `skip`, and at the
# end prints a table of the steps and their times.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Debug information is half of the build's time and of no use here.
export CARGO_PROFILE_DEV_DEBUG=0 CARGO_PROFILE_TEST_DEBUG=0 CARGO_INCREMENTAL=0

# With 1, a check that cannot be made is a failure. This is the default in CI.
if [ "${CI:-}" = true ]; then default=1; else default=0; fi
export SCOPES_REQUIRE_ALL=${SCOPES_REQUIRE_ALL:-$default}

rows=() running=

# step NAME COMMAND [ARGUMENT..]: runs a command, or a function of the calling script, and stops
# everything if it fails or takes longer than the rest of LIMIT.
step() {
    local name=$1 began=$SECONDS left=$((LIMIT - SECONDS)) status=0
    shift
    printf '\n== %s (at %s s)\n' "$name" "$SECONDS"
    if declare -F "$1" >/dev/null; then set -- bash -euo pipefail -c "$(declare -f "$1"); $*"; fi
    # `timeout` runs the command in its own process group, so the compilers that it starts are
    # stopped too. A limit of `0` would mean no limit.
    timeout --kill-after=20 "$((left > 0 ? left : 1))" "$@" </dev/null &
    running=$!
    wait "$running" || status=$?
    running=
    case $status in
        0) ;;
        124 | 137) name="$name: STOPPED, the run takes more than $((LIMIT / 60)) minutes" ;;
        *) name="$name: FAILED" ;;
    esac
    rows+=("$(printf '%6s s  %s' "$((SECONDS - began))" "$name")")
    [ "$status" = 0 ] || exit "$status"
}

# skip NAME REASON: notes a check that cannot be made on this machine.
skip() {
    printf '\n== %s\nskipped: %s\n' "$1" "$2"
    rows+=("$(printf '%6s    %s: skipped, %s' - "$1" "$2")")
    if [ "$SCOPES_REQUIRE_ALL" = 1 ]; then
        echo 'SCOPES_REQUIRE_ALL=1: nothing may be skipped'
        exit 1
    fi
}

finish() {
    local status=$?
    # Stops the running step if the script itself was stopped.
    [ -z "$running" ] || kill "$running" 2>/dev/null || true
    printf '\n'
    [ "${#rows[@]}" = 0 ] || printf '%s\n' "${rows[@]}"
    printf '%6s s  all of it: %s\n' "$SECONDS" "$([ "$status" = 0 ] && echo passed || echo FAILED)"
    [ "$SECONDS" -le "$AIM" ] || echo "more than $((AIM / 60)) minutes: make it faster, or move what seldom fails to .ci/full"
}
trap finish EXIT
trap 'exit 130' INT TERM
