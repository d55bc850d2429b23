#!/usr/bin/env bash
# Attacks the running server with requests that schemathesis makes of the server's own document: by
# a token with all scopes, seeded and bounded in time. Fails for an answer that the document does
# not have, and for every 5xx. Needs the built program `dashboard` and `.ci/web/install`.
# `examples/dashboard/schemathesis.sh OPTION..` gives schemathesis more options.
set -euo pipefail
cd "$(dirname "$0")/../.."
target=$(realpath "${CARGO_TARGET_DIR:-target}")
# The files hold credentials.
umask 077
folder=$(mktemp -d)
server=
finish() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT TERM

"$target/debug/dashboard" --database "$folder/dashboard.db" --port 0 --log error \
    --token-rate 0 --address-rate 0 --failure-rate 0 >"$folder/printed" 2>"$folder/log" &
server=$!
for _ in $(seq 100); do
    ! grep -q 'Ctrl-C' "$folder/printed" || break
    kill -0 "$server" || { cat "$folder/log"; exit 1; }
    sleep 0.1
done
base=$(sed -n '1s/^Serving \([^ ]*\) .*/\1/p' "$folder/printed")
origin=${base%/api/v0}
environment=$(sed -n 's/^  live     \([0-9a-f-]\{36\}\)$/\1/p' "$folder/printed")
session=$(grep -A1 '^Session' "$folder/printed" | sed -n '2s/^ *//p')

# A token with all scopes, made through the API.
printf 'header = "Authorization: Bearer %s"\n' "$session" >"$folder/session"
curl --silent --fail "$origin/openapi.json" >"$folder/openapi.json"
# The document is valid by the official schemas, and Redocly has no warning.
node .ci/web/valid.mjs "$folder/openapi.json"
REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true .ci/web/node_modules/.bin/redocly lint \
    --config .ci/web/redocly.yaml --format=stylish "$folder/openapi.json" >"$folder/lint" 2>&1 ||
    { cat "$folder/lint"; exit 1; }
if grep -E '^ +[0-9]+:[0-9]+ +warning' "$folder/lint"; then exit 1; fi
python3 - "$folder" <<'PYTHON'
import json, sys
folder = sys.argv[1]
document = json.load(open(f'{folder}/openapi.json'))
scopes = document['components']['schemas']['Scope']['enum']
json.dump({'note': 'schemathesis', 'scopes': scopes}, open(f'{folder}/new.json', 'w'))
PYTHON
token=$(curl --silent --fail --config "$folder/session" --json "@$folder/new.json" "$base/user/tokens" |
    sed 's/.*"rawToken":"\([^"]*\)".*/\1/')

cat >"$folder/schemathesis.toml" <<TOML
# The environment of the token: with another one each answer would be 403.
parameters = { "path.environmentId" = "$environment" }
headers = { Authorization = "Bearer $token" }

[[operations]]
include-path = "/user/tokens"
headers = { Authorization = "Bearer $session" }

# GET /waas/{walletId} and the routes of /users/{userId} take these paths too, so their Allow has
# more methods, which are not a 405. These two checks look at one path of the document only.
[[operations]]
include-path-regex = "/(waas/(authenticate|create)|users/bulk)$"
checks.unsupported_method.enabled = false
checks.allow_header_conformance.enabled = false

# The values of a gate must fit its criterion, the options of a field its type, and the address of a
# wallet its chain. The schemas have each field's own rules only.
[[operations]]
include-path-regex = "/(gates(/[{]gateId[}])?|custom/fields(/[{]customFieldId[}])?|wallets|users|users/bulk)$"
checks.positive_data_acceptance.enabled = false
TOML
# schemathesis keeps notes in the current folder.
cd "$folder"
"$target/python/bin/schemathesis" --config-file "$folder/schemathesis.toml" run "$origin/openapi.json" \
    --seed 20261130 --workers 1 --max-examples 5 --max-time 40 --suppress-health-check all \
    --generation-database none --no-shrink --continue-on-failure --no-color "$@" ||
    { status=$?; cat "$folder/log"; exit "$status"; }
# What the server has logged as an error is a failure, even if the answer was documented.
if [ -s "$folder/log" ]; then
    cat "$folder/log"
    exit 1
fi
