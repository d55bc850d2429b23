#!/usr/bin/env bash
# Prints what other guards of axum handlers add to a request: the instructions (callgrind) and the
# allocations (memcheck) above the same router without a guard, on the dashboard's 128 routes. Run
# by hand, never in CI.
set -euo pipefail
cd "$(dirname "$0")"
source ./counting.sh

cargo build --quiet --release -p peers
read -r bare_instructions bare_allocations < <(each peers bare)
for peer in protect-axum aliri_axum axum-login axum-casbin tower-oauth2-resource-server; do
    read -r instructions allocations < <(each peers "$peer")
    printf '%-30s %8d instructions, %4d allocations\n' "$peer" $((instructions - bare_instructions)) $((allocations - bare_allocations))
done
