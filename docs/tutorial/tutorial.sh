#!/usr/bin/env bash
# From a department's file to an auditor's proof, with curl and openssl alone: every request that the tutorial explains, run in order.
# (Python only picks fields out of answers.)
#
# usage: docs/tutorial/tutorial.sh BUILD      BUILD: a build folder, as `make build` makes it
#
# TUTORIAL_DIR (default: a temporary folder, removed at the end) keeps the data; STEP=1 waits for Enter between the steps.
set -euo pipefail
build=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
dir=${TUTORIAL_DIR:-$(mktemp -d)}
luling=$build/src/cli/luling
mkdir -p "$dir"
server=

cleanup() {
    [ -z "$server" ] || { kill "$server" 2>/dev/null && wait "$server" 2>/dev/null; } || true
    [ -n "${TUTORIAL_DIR:-}" ] || rm -rf "$dir" "$dir"/data.secret
}
trap cleanup EXIT

step() {
    printf '\n\033[1m%s\033[0m\n' "$*"
    [ "${STEP:-0}" = 0 ] || read -r -p "(Enter) "
}
# The value at a path of an answer: `field error.condition`.
field() { python3 -c 'import json, sys
v = json.load(sys.stdin)
for k in sys.argv[1].split("."): v = v[int(k)] if isinstance(v, list) else v[k]
print(v if isinstance(v, str) else json.dumps(v, ensure_ascii=False))' "$1"; }
expect() { # what, wanted, got
    [ "$2" = "$3" ] || { echo "$1: $3, 应为 / should be $2" >&2; exit 1; }
    echo "$1: $3"
}
b64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }
unb64url() { # of a value without padding
    local v
    v=$(tr '_-' '/+')
    printf '%s%s' "$v" "$(printf '%.*s' $(((4 - ${#v} % 4) % 4)) ==)" | openssl base64 -d -A
}
unhex() { # digits to bytes
    # shellcheck disable=SC2059 # the format is the escapes
    printf "$(sed 's/../\\x&/g')"
}
hex() { od -An -v -tx1 | tr -d ' \n'; }

# --- somebody who is signed in: as ACCOUNT METHOD PATH [JSON] --------------------------------------------------------------------
as() {
    local account=$1 method=$2 path=$3
    curl -sS -b "$dir/$account.cookies" -X "$method" -H 'X-Luling-Request: tutorial' -H 'Content-Type: application/json' ${4:+-d "$4"} "$url$path"
}
sign_in() {
    curl -sS -c "$dir/$1.cookies" -H 'Content-Type: application/json' -d "{\"account\":\"$1\",\"password\":\"luling-tutorial-1\"}" "$url/v1/session" >/dev/null
}
person() { # account, organisation, duties
    echo luling-tutorial-1 | "$luling" --data "$dir/data" account add "$1" --organisation "$2" --duties "$3" --password-file - >/dev/null
    sign_in "$1"
}

step "0. 装载标准与目录，启动服务 / load the standard and the catalogue, start the server"
"$luling" --data "$dir/data" pack load "$build/packs/core" "$build/packs/jian" "$build/packs/credit" "$build/packs/demo"
"$luling" --data "$dir/data" --set listen_port=0 --set log_level=warn serve --json >"$dir/ready" 2>"$dir/log" &
server=$!
for _ in $(seq 300); do
    [ -s "$dir/ready" ] && break
    kill -0 "$server" 2>/dev/null || { cat "$dir/log" >&2; exit 1; }
    sleep 0.1
done
url=$(field url <"$dir/ready")
url=${url%/}
origin=http://localhost:${url##*:}
echo "$url"
person steward JA023 source_steward
person market JA023 approver
person officer JB001 consumer_steward
person manager JB001 approver
person operator JA001 operator
person sys-1 JA001 system_administrator
person sec-1 JA001 security_administrator

step "1. 部门交付数据 / a department delivers"
python3 "$here/../../demo/generate.py" "$dir/deliveries"
file=$(python3 -c 'import json, sys
print(next(d["file"] for d in json.load(open(sys.argv[1], encoding="utf-8")) if d["resource"] == "enterprise_registration"))' "$dir/deliveries/deliveries.json")
delivery=$(curl -sS -b "$dir/steward.cookies" -H 'X-Luling-Request: tutorial' -H 'Content-Type: application/octet-stream' --data-binary "@$dir/deliveries/$file" \
    "$url/v1/resources/enterprise_registration/deliveries?file_name=$(basename "$file")" | field id)
for _ in $(seq 300); do
    state=$(as steward GET "/v1/deliveries/$delivery" | field state)
    case $state in received | sealed) sleep 0.2 ;; *) break ;; esac
done
expect "交付 / delivery" published "$state"

step "2. 银行的系统：生成密钥，由系统管理员登记、安全管理员启用 / the bank's system: a key, registered by one administrator and enabled by another"
openssl genpkey -algorithm ed25519 -out "$dir/bank.pem"
pem=$(openssl pkey -in "$dir/bank.pem" -pubout | awk '{printf "%s\\n", $0}')
as sys-1 POST /v1/clients '{"id":"icbc-credit","organisation":"JB001","title":"信贷系统"}' >/dev/null
as sys-1 POST /v1/clients/icbc-credit/keys "{\"pem\":\"$pem\"}" >/dev/null
expect "系统 / client" active "$(as sec-1 PUT /v1/clients/icbc-credit/enabled '{"enabled":true}' | field state)"

step "3. 银行申请：每次使用须经主体同意 / the bank applies; each use needs the subject's consent"
scene=$(as officer POST /v1/applications '{"resources":["enterprise_registration:uscc enterprise_name registered_capital legal_rep_id"],
    "purpose":"小微企业贷前调查","legal_basis":"《政务数据共享条例》第十条","modes":"query verify","per_day":1000,"consent":true}' | field items.0.scene)
as manager POST "/v1/applications/$scene/act" '{"action":"endorse"}' >/dev/null
application=$(as operator POST "/v1/applications/$scene/act" '{"action":"pass"}' | field items.0.id)
echo "$application"

step "4. 部门审批 / the department approves"
as market POST "/v1/applications/$application/act" '{"action":"approve"}' >/dev/null
grant=$(as officer GET '/v1/grants?resource=enterprise_registration' | field items.0.id)
expect "授权 / grant" active "$(as officer GET "/v1/grants/$grant" | field state)"

step "5. 系统以私钥换取令牌，调用；主体尚未同意，被拒绝 / the system proves its key and calls; refused, for the subject has not consented"
now=$(date +%s)
head=$(printf '{"alg":"EdDSA"}' | b64url)
body=$(printf '{"iss":"icbc-credit","sub":"icbc-credit","aud":"%s/oauth/token","iat":%d,"exp":%d,"jti":"%s"}' "$url" "$now" $((now + 120)) "$(openssl rand -hex 16)" | b64url)
printf '%s.%s' "$head" "$body" >"$dir/to-sign"
signature=$(openssl pkeyutl -sign -inkey "$dir/bank.pem" -rawin -in "$dir/to-sign" | b64url)
token=$(curl -sS -d grant_type=client_credentials -d client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer \
    -d "client_assertion=$head.$body.$signature" "$url/oauth/token" | field access_token)
subject=91360802YL0000397L
call() { curl -sS -H "Authorization: Bearer $token" -H 'Content-Type: application/json' -d "{\"subject\":\"$subject\",\"officer\":\"0796-118\"}" \
    "$url/v1/services/enterprise_registration/query"; }
expect "未同意 / without consent" consent "$(call | field error.condition)"

step "6. 主体：柜面核实身份后，在自己的设备上生成通行密钥 / the subject: identified by the officer, makes a passkey on its own device"
# What a phone's authenticator does, in openssl: a P-256 key, and the two structures that WebAuthn defines.
openssl ecparam -name prime256v1 -genkey -noout -out "$dir/phone.pem"
point=$(openssl ec -in "$dir/phone.pem" -pubout -outform DER 2>/dev/null | tail -c 64 | hex)
credential=$(openssl rand -hex 16)
rp_hash=$(printf localhost | openssl dgst -sha256 -binary | hex)
client_data() { printf '{"type":"%s","challenge":"%s","origin":"%s","crossOrigin":false}' "$1" "$2" "$origin"; }
passkey_create() { # challenge
    local auth="${rp_hash}4500000001$(printf '0%.0s' $(seq 32))0010${credential}a5010203262001215820${point:0:64}225820${point:64}"
    local att="a363666d74646e6f6e656761747453746d74a0686175746844617461$(printf '58%02x' $((${#auth} / 2)))$auth"
    printf '{"id":"%s","type":"public-key","response":{"clientDataJSON":"%s","attestationObject":"%s"}}' "$(printf '%s' "$credential" | unhex | b64url)" \
        "$(client_data webauthn.create "$1" | b64url)" "$(printf '%s' "$att" | unhex | b64url)"
}
echo 1 >"$dir/count" # an authenticator counts its uses; one that does not move is a copy, and refused
passkey_get() { # challenge
    local auth data count
    count=$(($(cat "$dir/count") + 1))
    echo "$count" >"$dir/count"
    auth=${rp_hash}05$(printf '%08x' "$count")
    data=$(client_data webauthn.get "$1")
    { printf '%s' "$auth" | unhex; printf '%s' "$data" | openssl dgst -sha256 -binary; } >"$dir/to-sign"
    printf '{"id":"%s","type":"public-key","response":{"clientDataJSON":"%s","authenticatorData":"%s","signature":"%s"}}' \
        "$(printf '%s' "$credential" | unhex | b64url)" "$(printf '%s' "$data" | b64url)" "$(printf '%s' "$auth" | unhex | b64url)" \
        "$(openssl dgst -sha256 -sign "$dir/phone.pem" "$dir/to-sign" | b64url)"
}
post() { curl -sS -H 'Content-Type: application/json' -d "$2" "$url$1"; } # path, JSON; nobody is signed in
enrol=$(as officer POST /v1/enrolments "{\"subject\":\"$subject\",\"subject_title\":\"吉安示例有限公司\",\"capacity\":\"legal_representative\",\"proof\":\"柜面核验营业执照与身份证原件\"}" | field url)
secret=${enrol#*#}
challenge=$(curl -sS "$url/v1/enrolments/$secret" | field publicKey.challenge)
post "/v1/enrolments/$secret" "$(passkey_create "$challenge")" | field key

step "7. 主体在手机上阅读并签署 / the subject reads the text and signs it"
offer=$(as officer POST /v1/consent-offers "{\"subject\":\"$subject\",\"subject_title\":\"吉安示例有限公司\",\"resources\":[\"enterprise_registration\"],
    \"purpose\":\"小微企业贷前调查\",\"until\":\"$(date -d '+90 days' +%F)\",\"uses\":2}" | field id)
curl -sS "$url/v1/consent-offers/$offer" | field text
challenge=$(curl -sS "$url/v1/consent-offers/$offer" | field publicKey.challenge)
expect "同意 / consent" active "$(post "/v1/consent-offers/$offer/sign" "$(passkey_get "$challenge")" | field state)"

step "8. 银行再次调用：得到数据与存证回执 / the bank calls again: the data, and the receipt of the journal's entry"
call >"$dir/answer"
python3 -m json.tool --no-ensure-ascii "$dir/answer"
expect "企业名称 / name" present "$(field result.records.0.values.enterprise_name.status <"$dir/answer")"
entry=$(field receipt.index <"$dir/answer")

step "9. 主体看到谁看过自己的数据 / the subject sees who looked at its data"
challenge=$(post /v1/me/challenge '{}' | field publicKey.challenge)
mine=$(post /v1/me/sessions "$(passkey_get "$challenge")" | field access_token)
curl -sS -H "Authorization: Bearer $mine" "$url/v1/me/looks" >"$dir/looks"
python3 -m json.tool --no-ensure-ascii "$dir/looks" | sed -n 1,40p
expect "最近一次 / the latest" "$entry" "$(field items.0.entry <"$dir/looks")"
expect "其中被拒绝的 / refused among them" consent "$(field items.1.condition <"$dir/looks")"

step "10. 审计：取得日志，离线核验 / the auditor takes the journal and verifies it offline"
for _ in $(seq 100); do # the proof is there as soon as its checkpoint is published
    curl -sS -o "$dir/proof" "$url/v1/journal/$entry/proof"
    grep -q '^c2sp.org/tlog-proof@v1' "$dir/proof" && break
    sleep 0.1
done
kill "$server" && wait "$server" || true
server=
rm -rf "$dir/copy" && cp -r "$dir/data/journal" "$dir/copy"
"$luling" verify --journal "$dir/copy"
if command -v go >/dev/null && GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE="$dir/go" go list golang.org/x/mod/sumdb/tlog >/dev/null 2>&1; then
    key=$(awk '$1 == "log" {print $2; exit}' "$dir/copy/policy")
    GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE="$dir/go" go run "$here/../../tests/tlog/check.go" "$key" "$dir/copy" "$entry" "$dir/proof"
    echo "Go sumdb/note, sumdb/tlog: 第 $entry 条在日志中 / entry $entry is in the journal"
else
    echo "没有 Go，略过第二种实现的核验 / Go is not installed: the check by a second implementation is skipped"
fi
# A byte changed anywhere is found and named.
chmod -R u+w "$dir/copy"
tile=$(find "$dir/copy/tile/entries" -type f | sed -n 1p)
other=X
[ "$(dd if="$tile" bs=1 skip=40 count=1 status=none)" != X ] || other=Y
printf %s $other | dd of="$tile" bs=1 seek=40 conv=notrunc status=none
if "$luling" verify --journal "$dir/copy"; then
    echo "改动没有被发现 / a change was not found" >&2
    exit 1
fi
printf '\n完成 / done\n'
