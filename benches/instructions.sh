#!/usr/bin/env bash
# Counts the instructions of a look-up and compares them with limits.tsv. Unlike times, these counts
# are the same on every run. Fails if a number is more than 3 % above its limit, or if one action in
# a large catalogue costs more than 5 %. `instructions.sh --print` prints all numbers in the form of
# limits.tsv.
set -euo pipefail
cd "$(dirname "$0")"

if ! command -v valgrind >/dev/null; then
    echo 'valgrind is not there: installing it'
    { [ "$(id -u)" = 0 ] && apt-get update -q && apt-get install -y -q valgrind; } >/dev/null 2>&1 || true
fi
if ! command -v valgrind >/dev/null; then
    echo 'skipped: valgrind is not there and cannot be installed'
    # With SCOPES_REQUIRE_ALL=1 that is a failure.
    exit "${SCOPES_REQUIRE_ALL:-0}"
fi

cargo build --quiet --release --no-default-features --bin verdicts
cargo build --quiet --release -p guard
binaries="${CARGO_TARGET_DIR:-target}/release"
profile=$(mktemp)
trap 'rm -f "$profile"' EXIT

# Instructions of this number of rounds over a workload, the start of the process included. The set
# `guard` measures a permit and the gate on the routes of one scope of the dashboard.
total() {
    local command=("$binaries/verdicts" "$1" "$2" "$3" "$4")
    if [ "$1" = guard ]; then command=("$binaries/guard" "$3" "$4"); fi
    valgrind --tool=callgrind --callgrind-out-file="$profile" "${command[@]}" 2>/dev/null >"$profile.out"
    sed -n 's/^\(summary\|totals\): //p' "$profile" | head -n 1
}

# Instructions of one look-up: the difference between few and many rounds.
instructions() {
    local few many requests rounds=4
    few=$(total "$1" "$2" "$3" 1)
    many=$(total "$1" "$2" "$3" $((1 + rounds)))
    requests=$(cut -d ' ' -f 1 "$profile.out")
    rm -f "$profile.out"
    echo $(((many - few) / rounds / requests))
}

failed=0
while IFS=$'\t' read -r set workload operation limit; do
    case $set in '' | '#'*) continue ;; esac
    if [ "${last:-}" != "$set $workload" ]; then
        noop=$(instructions "$set" "$workload" noop)
        last="$set $workload"
    fi
    # The gate takes ownership of a request. Building that request is not part of the gate's cost.
    if [ "$operation" = gate ]; then noop=$(instructions "$set" "$workload" request); fi
    count=$(($(instructions "$set" "$workload" "$operation") - noop))
    if [ "${1:-}" = --print ]; then
        printf '%s\t%s\t%s\t%s\n' "$set" "$workload" "$operation" "$count"
        continue
    fi
    verdict=
    if [ $((count * 100)) -gt $((limit * 103)) ]; then
        verdict='  TOO MANY'
        failed=1
    fi
    printf '%-10s %-9s %-20s %6d of %6d%s\n' "$set" "$workload" "$operation" "$count" "$limit" "$verdict"
done <limits.tsv
[ "${1:-}" != --print ] || exit 0

# One action on a resource in the middle of a large catalogue must not slow the paths below the
# resource: at most 5 % more instructions than without the action.
cost() {
    echo $(($(instructions "$@") - $(instructions "$1" "$2" noop)))
}
if [ -f ../../shared/data/github_octokit.json ]; then
    for workload in hits misses; do
        for operation in 'scopes match' 'scopes at' 'scopes decide'; do
            without=$(cost github "$workload" "$operation")
            count=$(cost github+archive "$workload" "$operation")
            verdict=
            if [ $((count * 100)) -gt $((without * 105)) ]; then
                verdict='  TOO MANY'
                failed=1
            fi
            printf '%-10s %-9s %-20s %6d with one action, %d without%s\n' github "$workload" "$operation" "$count" "$without" "$verdict"
        done
    done
else
    echo 'skipped: the real catalogue of github is not there'
    # With SCOPES_REQUIRE_ALL=1 that is a failure.
    [ "${SCOPES_REQUIRE_ALL:-0}" = 0 ] || failed=1
fi
if [ "$failed" != 0 ]; then
    echo 'more instructions a look-up than allowed: mend it, or raise the limit in limits.tsv with a reason in the commit'
fi
exit "$failed"
