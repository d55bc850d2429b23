#!/usr/bin/env bash
# Prints a table of what the guard costs a request of a real server. It runs the same axum server
# bare, with `Authenticate` and a permit in each handler, and with the gate as well. wrk loads each
# from another process, by turns.
set -euo pipefail
cd "$(dirname "$0")"
rounds=${ROUNDS:-7} seconds=${SECONDS_EACH:-3} connections=${CONNECTIONS:-16}

if ! command -v wrk >/dev/null; then
    echo 'wrk is not there: installing it'
    { [ "$(id -u)" = 0 ] && apt-get update -q && apt-get install -y -q wrk; } >/dev/null 2>&1 || true
fi
if ! command -v wrk >/dev/null; then
    echo 'skipped: wrk is not there and cannot be installed'
    # With SCOPES_REQUIRE_ALL=1 that is a failure.
    exit "${SCOPES_REQUIRE_ALL:-0}"
fi
cargo build --quiet --release -p end-to-end
binary="${CARGO_TARGET_DIR:-target}/release/end-to-end"
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$work"' EXIT

"$binary" requests >"$work/requests"
cat >"$work/load.lua" <<'LUA'
local requests = {}
init = function(arguments)
    for line in io.lines(arguments[1]) do
        local method, path = line:match("(%S+) (%S+)")
        local headers = { Authorization = "Bearer dyn_aGLjTe3TUN40vSE75sTtgUx9AjIe0q4n3LFC" }
        requests[#requests + 1] = wrk.format(method, path, headers)
    end
    math.randomseed(1)
end
request = function() return requests[math.random(#requests)] end
done = function(summary)
    local errors = summary.errors
    local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
    io.write(string.format("%f %d\n", summary.requests / summary.duration * 1e6, failed))
end
LUA

# The server has one core, and the load generator the other.
for mode in bare permits gate; do
    taskset -c 0 "$binary" "$mode" >"$work/$mode" &
    # The server prints its address, or it has failed.
    until [ -s "$work/$mode" ]; do kill -0 $!; sleep 0.1; done
done
for round in $(seq 0 "$rounds"); do
    for mode in bare permits gate; do
        read -r rate failed < <(taskset -c 1 wrk -t1 -c"$connections" -d"${seconds}s" -s "$work/load.lua" "http://$(cat "$work/$mode")" -- "$work/requests" | tail -n 1)
        if [ "$failed" != 0 ]; then echo "$mode: $failed requests failed"; exit 1; fi
        # The first round is for warming up.
        if [ "$round" != 0 ]; then echo "$rate" >>"$work/$mode.rates"; fi
    done
done

printf '| server | requests a second (median of %s) | µs a request | the guard |\n|---|---|---|---|\n' "$rounds"
for mode in bare permits gate; do
    sort -n "$work/$mode.rates" | awk -v mode="$mode" -v file="$work/bare.median" '
        { rate[NR] = $1 }
        END {
            median = rate[int((NR + 1) / 2)]; each = 1e6 / median
            if (mode == "bare") { print each >file; bare = each } else { getline bare <file }
            printf "| %s | %.0f | %.2f | +%.2f µs, %.1f %% fewer |\n", mode, median, each, each - bare, (1 - bare / each) * 100
        }'
done
