#!/usr/bin/env bash
# Prints a table of what a look-up of a token costs, with 1, 1,000 and 1,000,000 tokens, on SQLite
# and on PostgreSQL, with and without the cache. PostgreSQL is started on loopback if it is
# installed (Debian's `postgresql`), and stopped at the end. Takes three minutes.
set -euo pipefail
cd "$(dirname "$0")"
cargo build --quiet --release -p store-bench
"${CARGO_TARGET_DIR:-target}/release/store-bench"
