#!/bin/sh
# setup.sh GROUP... - installs what the groups of tools/debian-packages.txt still miss, then what package-lock.json pins.
# Needs root only when a package is missing; a second run does nothing.
set -eu
cd "$(dirname "$0")/.."

list=tools/debian-packages.txt
stamp=node_modules/.luling-stamp

# Packages of the groups that dpkg does not have, one a line.
missing_packages() {
    grep -v '^#' "$list" | while IFS='|' read -r group package command _; do
        group=${group% } package=${package# } package=${package% } command=${command# } command=${command% }
        case " $* " in *" $group "*) ;; *) continue ;; esac
        [ "$command" != - ] && command -v "$command" >/dev/null 2>&1 && continue
        case " $installed " in *" $package "*) ;; *) echo "$package" ;; esac
    done
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1; then
        sudo "$@"
    else
        echo "需要 root 权限；请以 root 运行：/ Root is needed; run as root: $*" >&2
        exit 1
    fi
}

install_packages() {
    echo "缺少以下 Debian 软件包 / These Debian packages are missing:"
    for package in "$@"; do
        reason=$(awk -F' [|] ' -v p="$package" '$2 == p { print $4; exit }' "$list")
        echo "  $package: $reason"
    done
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq update
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$@" >/dev/null
}

if command -v dpkg-query >/dev/null 2>&1; then
    installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' | sed -n 's/^installed //p' | tr '\n' ' ')
    missing=$(missing_packages "$@")
    # shellcheck disable=SC2086 # one word a package
    [ -z "$missing" ] || install_packages $missing
else
    echo "不是 Debian：请自行安装 $list 所列的依赖 / Not Debian: install what $list names yourself" >&2
fi

# A link is a folder that several checkouts share: npm would empty it, so it is left to whoever made it.
[ -L node_modules ] && exit 0

want=$(cat package.json package-lock.json | sha256sum)
if [ "$(cat "$stamp" 2>/dev/null)" != "$want" ]; then
    echo "按 package-lock.json 安装 npm 依赖 / Installing what package-lock.json pins"
    npm ci --no-progress
    echo "$want" >"$stamp"
fi
