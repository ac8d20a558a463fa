# shellcheck shell=sh
# Small files that survive a power cut, and one run at a time.

# Makes standard input a file's content, whole or not at all, on disk before this returns.
keep() {
    new=$(mktemp "${1%/*}/.new.XXXXXX") || return "$io"
    if cat >"$new" && sync "$new" && mv -f "$new" "$1" && sync "${1%/*}"; then return 0; fi
    rm -f "$new"
    return "$io"
} 2>/dev/null

# The same for a file that is written once: what is there already stays, whoever wrote it.
keep_first() {
    new=$(mktemp "${1%/*}/.new.XXXXXX") || return "$io"
    if cat >"$new" && sync "$new" && { ln "$new" "$1" || [ -f "$1" ]; } && sync "${1%/*}"; then
        rm -f "$new"
        return 0
    fi
    rm -f "$new"
    return "$io"
} 2>/dev/null

# Makes a folder and those above it.
folder() {
    mkdir -p "$1" 2>/dev/null && [ -w "$1" ] && return 0
    complain "map $1 kan niet worden gemaakt" "folder $1 can't be made"
    return "$cannot_create"
}

digest() { openssl dgst -sha256 -r | cut -c 1-64; }

# Only one run works on a profile at a time: 0 it is ours, 75 somebody else's. This is politeness, not what makes once
# once: requests are written by keep_first under an id that follows from what they ask for, and the server takes an id
# once. So a lock whose owner was killed may be broken without further ado.
lock() {
    tries=0
    until mkdir "$1/lock" 2>/dev/null; do
        [ -d "$1/lock" ] || return "$io"
        tries=$((tries + 1))
        owner=$(cat "$1/lock/owner" 2>/dev/null)
        if [ -z "$owner" ] && [ "$tries" -le 2 ]; then
            # It was made this very moment, or its owner was killed right after.
            sleep 1
            continue
        fi
        if [ -n "$owner" ] && runs "${owner%% *}" "${owner#* }" || [ "$tries" -gt 10 ]; then return "$temporary"; fi
        rm -rf "$1/lock"
    done
    locked=$1/lock
    printf '%s\n' "$$ ${0##*/}" >"$locked/owner" || return "$io"
}
unlock() {
    [ -z "$locked" ] || rm -rf "$locked"
    locked=
}
locked=

# Whether a process is there and, where ps can tell, is that program.
runs() {
    kill -0 "$1" 2>/dev/null || return 1
    command -v ps >/dev/null 2>&1 || return 0
    case $(ps -p "$1" -o args= 2>/dev/null) in *"$2"*) return 0 ;; esac
    return 1
}
