#!/usr/bin/env bash
# The demo: loads the packs, takes in what the departments send, shows what became of it, and serves it.
#
# usage: demo/run.sh BUILD [DATA]
#
# BUILD  a build folder (make build)
# DATA   a folder with enterprise_registration/: the public registrations instead of the samples
#
# DEMO_DIR (default demo-data) is made anew.  DEMO_SERVE=0 stops before serving; DEMO_PORT chooses the port (default 8780).
set -euo pipefail
build=$1
data=${2:-}
here=$(cd "$(dirname "$0")" && pwd)
dir=${DEMO_DIR:-demo-data}
luling=$build/src/cli/luling
say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
run() { "$luling" --data "$dir/data" "$@"; }
batch_of() { run batch list --resource "$1" --json | python3 -c 'import json, sys; print(min(b["id"] for b in json.load(sys.stdin)))'; }

rm -rf "$dir"
mkdir -p "$dir"

say "1. 装载统一标准与目录 / load the standard and the catalogue"
packs="core jian credit demo jiangxi_registration rural finance"
for pack in $packs; do set -- "$@" "$build/packs/$pack"; done
shift $(($# - 7))
run pack load "$@"

samples() {
    python3 "$here/generate.py" "$dir/deliveries"
    say "2. 接收各部门的交付（编码、表头、日期、金额各不相同，且有意出错）/ take in what the departments send, wrong on purpose in places"
    python3 -c 'import json, sys
for d in json.load(open(sys.argv[1] + "/deliveries.json", encoding="utf-8")):
    print(d["file"], d["resource"], d["received"] or "-", d["note"]["zh"] + " / " + d["note"]["en"], sep="\t")' "$dir/deliveries" |
        while IFS=$'\t' read -r file resource received note; do
            printf '\n— %s\n' "$note"
            # some come on a day of their own: whether a decision was reported in time follows from it
            if [ "$received" = - ]; then unset LULING_NOW; else LULING_NOW=$(($(date -u -d "$received 03:00" +%s) * 1000)) && export LULING_NOW; fi
            # a delivery that would delete most of a resource waits for a person: that is part of the show
            run intake "$dir/deliveries/$file" --resource "$resource" </dev/null || [ $? -eq 75 ]
        done
    first=$(batch_of enterprise_registration)
    subject=91360802YL0000397L
}

# A few made-up rural households: a farmer among them is whom the pages of a natural person are tried as.
countryside() {
    python3 "$here/rural.py" "$dir/rural" 8
    python3 -c 'import json, sys
for d in json.load(open(sys.argv[1] + "/deliveries.json", encoding="utf-8")):
    print(d["file"], d["resource"], sep="\t")' "$dir/rural" |
        while IFS=$'\t' read -r file resource; do
            run intake "$dir/rural/$file" --resource "$resource" </dev/null >/dev/null || [ $? -eq 75 ]
        done
    run rural rollup >/dev/null
}

registrations() {
    say "2. 接收吉安与江西的企业注册登记 / take in the registrations of Ji'an and Jiangxi"
    run intake "$data"/enterprise_registration/* --resource enterprise_registry_public
    first=$(run batch list --resource enterprise_registry_public --json |
        python3 -c 'import json, sys; print(max(json.load(sys.stdin), key=lambda b: b["quarantined"])["id"])')
    subject=91360825162230132G
}

if [ -n "$data" ]; then registrations; else
    samples
    countryside
fi

say "3. 一个批次的数据质量 / the quality of one batch"
run quality "$first"
run quality "$first" --html "$dir/quality.html"

say "4. 隔离的行：改好后再次交付即可 / the rows refused: corrected and delivered again, they are closed"
run quarantine "$first"
run quarantine "$first" --csv "$dir/quarantine.csv"

say "5. 一个主体在各部门的记录 / one subject's records from several departments"
run subject "$subject"

say "6. 核对与重建 / verify, and rebuild from the lake"
run verify
run rebuild

evaluation() {
    say "7. 按样例评分卡评价企业 / evaluate the firms by a sample scorecard"
    run score run enterprise_sample
}

sharing() {
    local steward="--as icbc-1 --organisation JB001 --duties consumer_steward" head="--as icbc-2 --organisation JB001 --duties approver"
    local operator="--as hub-1 --organisation JA001 --duties operator" market="--as msr-1 --organisation JA023 --duties approver"
    local basis="《政务数据共享条例》第十条" scene
    say "8. 需求：匹配到资源，或列入供需对接清单 / a demand is matched, or goes on the supply-demand list"
    # shellcheck disable=SC2086 # the options are words
    {
        run demand add 企业纳税信用等级 --items 统一社会信用代码,纳税信用级别 --scenario 贷前调查 --purpose 小微企业贷前调查 --basis "$basis" $steward
        run demand add 企业燃气缴费记录 --purpose 小微企业贷前调查 --basis "$basis" --provider JA037 $steward
        run demand publish "第一批供需对接清单" $operator
        say "9. 申请：银行提出，平台审查，部门同意，成为授权 / a bank applies, the platform checks, the department agrees"
        scene=$(run application submit enterprise_registration annual_report --purpose 小微企业贷前调查 --scenario 贷前调查 --basis "$basis" \
            --modes query,verify --per-day 5000 --networks 127.0.0.0/8 $steward --json |
            python3 -c 'import json, sys; print(json.load(sys.stdin)[0]["scene"])')
        run application act endorse "$scene" $head >/dev/null
        run application act pass "$scene" $operator
        run application approve "$scene" $market
    }
    scene=$(run application submit rural_planting --purpose 农户贷前调查 --scenario 贷前调查 --basis "$basis" --consent \
        --modes query,verify --per-day 500 $steward --json | python3 -c 'import json, sys; print(json.load(sys.stdin)[0]["scene"])')
    # shellcheck disable=SC2086 # the options are words
    {
        run application act endorse "$scene" $head >/dev/null
        run application act pass "$scene" $operator >/dev/null
        run application approve "$scene" --as agri-1 --organisation JA016 --duties approver >/dev/null
    }
    run grant list
}
rural() {
    local bank="--as icbc-1 --organisation JB001 --duties consumer_steward" head="--as icbc-2 --organisation JB001 --duties approver"
    local operator="--as hub-1 --organisation JA001 --duties operator" scene file resource id provider
    say "10. 农户：六个样例村的六十户（合成数据），汇总为村、镇、县的图 / rural households: sixty of six sample villages (synthetic), rolled up"
    run pack load "$build/packs/rural" >/dev/null
    python3 "$here/rural.py" "$dir/rural" 60
    python3 -c 'import json, sys
for d in json.load(open(sys.argv[1] + "/deliveries.json", encoding="utf-8")):
    print(d["file"], d["resource"], sep="\t")' "$dir/rural" |
        while IFS=$'\t' read -r file resource; do
            run intake "$dir/rural/$file" --resource "$resource" </dev/null >/dev/null 2>&1 || [ $? -eq 75 ]
        done
    run rural rollup
    run rural rate
    # shellcheck disable=SC2086 # the options are words
    {
        scene=$(run application submit rural_household rural_member rural_village_survey rural_planting rural_loan --purpose 农户贷前调查 \
            --basis "《政务数据共享条例》第十条" --modes query,verify --per-day 5000 --consent $bank --json |
            python3 -c 'import json, sys; print(json.load(sys.stdin)[0]["scene"])')
        run application act endorse "$scene" $head >/dev/null
        run application act pass "$scene" $operator >/dev/null
        run application list --scene "$scene" --json | python3 -c 'import json, sys
for a in json.load(sys.stdin):
    if a["state"] == "provider_review":
        print(a["id"], a["provider"])' |
            while read -r id provider; do
                run application approve "$id" --as "$provider-1" --organisation "$provider" --duties approver </dev/null >/dev/null
            done
    }
}
if [ -z "$data" ]; then
    evaluation
    sharing
    rural
fi

say "11. 演示账号（密码 luling-demo-1）/ accounts of the demo (password luling-demo-1)"
account() { # id, organisation, duties, name
    echo luling-demo-1 | run account add "$1" --organisation "$2" --duties "$3" --name "$4" --password-file - >/dev/null
}
account operator JA001 operator "演示运营员"
account steward JA023 source_steward "市场监管局数据专员（演示）"
account approver JA023 approver "市场监管局审批员（演示）"
account bank JB001 consumer_steward "工商银行用数专员（演示）"
if [ -z "$data" ]; then
    account farm JA016 source_steward "农业农村局数据专员（演示：采集任务）"
    account village JA016 collector "村采集员（演示）"
    account finance-office FG001 source_steward "示例金融办专员（演示：政策管理）"
    account lender FI001 consumer_steward "示例银行甲经办（演示）"
    account lender-head FI001 approver "示例银行甲审批员（演示）"
    account lender-b FI002 consumer_steward "示例农商行乙经办（演示）"
    account lender-b-head FI002 approver "示例农商行乙审批员（演示）"
    # of a county the villages of the sample households are collected, the others not yet
    year=$(date +%Y)
    run campaign add rural_village_survey --title "乡镇（村）采集信息（样例）" --region 360828 --from "$year-01-01" --until "$year-12-31" --expected 8 --as farm --organisation JA016 --duties source_steward
fi
account sysadmin JA001 system_administrator "系统管理员（演示）"
account secadmin JA001 security_administrator "安全管理员（演示）"
account auditor JA001 auditor "审计员（演示）"
run account list
if [ -z "$data" ]; then
    python3 -c 'import json, sys
farmer = next(h for h in json.load(open(sys.argv[1], encoding="utf-8")) if h.get("holder_name"))
name, number = farmer["holder_name"], farmer["holder_id_no"]
print(f"\n样例农户 {name}（{number}）：bank 在“授权书”页为其登记通行密钥并请其授权，之后在“我的数据”登录")
print(f"sample farmer {name} ({number}): on the page of consents, bank registers a passkey for them and asks for a consent; they sign in at My data")' "$dir/rural/truth.json"
fi

# Firms sign with passkeys, so their financings are made through the API, as theirs are: by a server of a moment.
financings() {
    local url line pid
    say "12. 融资需求与贷款办理（样例）/ sample financings and loan cases"
    mkfifo "$dir/serving"
    "$luling" --data "$dir/data" --set listen_port=0 --set signin_rate=6000 --set public_rate=6000 serve --json >"$dir/serving" 2>"$dir/serving.log" &
    pid=$!
    read -r line <"$dir/serving"
    url=$(python3 -c 'import json, sys, urllib.parse; print("http://localhost:%d" % urllib.parse.urlparse(json.loads(sys.argv[1])["url"]).port)' "$line")
    node "$here/financing.mjs" "$url" "$dir/deliveries" || say "样例未能全部建立 / not all samples were made"
    kill "$pid"
    wait "$pid" || true
    rm -f "$dir/serving"
}
if [ -z "$data" ] && command -v node >/dev/null; then
    financings
    run finance deliver
    run indicator run
fi

[ "${DEMO_SERVE:-1}" = 1 ] || exit 0
say "13. 服务 / serve"
exec "$luling" --data "$dir/data" --set "listen_port=${DEMO_PORT:-8780}" serve
