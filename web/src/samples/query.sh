#!/bin/sh
# curl and OpenSSL 3.  client.pem: your private key (Ed25519, PKCS#8), the one whose public half is registered.
set -eu
base=@BASE@
client=@CLIENT@
b64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }

# 1. A token: an assertion of at most five minutes, signed with your key, each with a jti of its own.
now=$(date +%s)
head=$(printf '{"alg":"EdDSA"}' | b64url)
claims=$(printf '{"iss":"%s","sub":"%s","aud":"%s/oauth/token","jti":"%s","iat":%d,"exp":%d}' \
  "$client" "$client" "$base" "$(openssl rand -hex 16)" "$now" "$((now + 120))" | b64url)
file=$(mktemp)
printf '%s.%s' "$head" "$claims" > "$file"
signature=$(openssl pkeyutl -sign -rawin -inkey client.pem -in "$file" | b64url)
rm -f "$file"
token=$(curl -sS --fail-with-body "$base/oauth/token" -d grant_type=client_credentials \
  -d client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer \
  -d "client_assertion=$head.$claims.$signature" | sed 's/.*"access_token":"\([^"]*\)".*/\1/')

# 2. The call.  The answer has the state of every value and the receipt of the journal: keep it.
curl -sS --fail-with-body "$base/v1/services/@SERVICE@/query" -H "Authorization: Bearer $token" \
  -H 'Content-Type: application/json' -d @BODY@
