# shellcheck shell=sh
# Connections to the server: each one openssl s_client, from greeting to goodbye. What the server said is in $work/said,
# what openssl said in $work/tls, what it means in $work/meaning.

# A feeder writes requests to standard output as the conversation goes on; it waits by these.

# Waits until so many lines that begin so were said.
await() { until [ "$(grep -c "$1" "$work/said")" -ge "${2:-1}" ]; do pause || return; done; }
# Waits for the greeting; nothing may be sent before.
greeted() {
    until [ "$(wc -l <"$work/said")" -ge 1 ]; do pause || return; done
    grep -q "^\* $1 1 " "$work/said"
}
# Waits a moment; 1 where the connection has ended, or the run that it was for, so that no feeder outlives them.
pause() {
    if ! [ -e "$work/talking" ] || ! kill -0 $$; then return 1; fi
    sleep 0.05 || sleep 1
}

# talk FEEDER HOST PORT ALPN [option of s_client…]: one connection, from its beginning to its end, bounded in time and
# in what it may say. It goes on only where the server's chain ends in the root handed in and names the host.
talk() {
    feeder=$1 host=$2 port=$3 alpn=$4
    shift 4
    case $host in
    *:*) set -- -connect "[$host]:$port" -noservername -verify_ip "$host" "$@" ;;
    *[!0-9.]*) set -- -connect "$host:$port" -servername "$host" -verify_hostname "$host" "$@" ;;
    *) set -- -connect "$host:$port" -noservername -verify_ip "$host" "$@" ;;
    esac
    : >"$work/said"
    : >"$work/talking"
    [ -p "$work/requests" ] || mkfifo "$work/requests" || return "$io"
    {
        # 512 MiB: more is no mailbox.
        ulimit -f 1048576
        exec timeout -k 2 "$limit" openssl s_client "$@" -alpn "$alpn" -tls1_3 -no-CApath -no-CAstore -quiet \
            -ciphersuites TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256 -verify_return_error \
            <"$work/requests" >"$work/said" 2>"$work/tls"
    } &
    connection=$!
    # A feeder that doesn't like what it hears has nothing to stay for.
    { "$feeder" || ! [ -e "$work/talking" ] || kill "$connection"; } >"$work/requests" 2>/dev/null &
    wait "$connection"
    timed=$?
    connection=
    rm -f "$work/talking"
    understand
}
connection=

# Reads what was said into $work/meaning. Answers 0 where the server greeted and kept to the protocol, even if the
# connection broke later; otherwise the status that says why nothing came of it, which is told.
understand() {
    # The end of the stream may cut a line; what came as whole lines counts.
    if [ -n "$(tail -c 1 "$work/said")" ]; then
        sed '$d' "$work/said" >"$work/whole" && mv -f "$work/whole" "$work/said" || return "$io"
    fi
    : >"$work/meaning"
    [ -s "$work/said" ] || silence || return
    if [ "$(tr -cd '\000\015' <"$work/said" | wc -c)" -ne 0 ]; then
        printf '%s\n' "broken${unit}a CR or NUL" >"$work/meaning"
    else
        awk -v unit="$unit" -f "$parts/json.awk" -f "$parts/replies.awk" "$work/said" >"$work/meaning" ||
            return "$software"
    fi
    why=$(sed -n "s/^broken$unit//p" "$work/meaning")
    if [ -n "$why" ]; then
        complain "$host houdt zich niet aan het protocol ($why)" "$host doesn't keep to the protocol ($why)"
        return "$protocol"
    fi
    case $(cat "$work/meaning") in
    greeting* | enrol-greeting*) return 0 ;;
    "bye${unit}revoked"*)
        complain "het certificaat is ingetrokken; vraag een nieuwe uitnodiging" \
            "the certificate was revoked; ask for a new invitation"
        return "$no_permission" ;;
    "bye${unit}certificate-expired"*)
        complain "het certificaat is verlopen; vraag een nieuwe uitnodiging" \
            "the certificate has expired; ask for a new invitation"
        return "$no_permission" ;;
    "bye${unit}"*)
        why=$(sed -n "s/^bye$unit//p" "$work/meaning")
        complain "$host zei: later ($why)" "$host said: later ($why)"
        return "$temporary" ;;
    esac
    return "$protocol"
}

# Nothing was said at all: why.
silence() {
    why=$(grep -E 'verify error|alert|errno|error:' "$work/tls" | tail -n 1 | tr -d '\000-\037\177')
    case $(cat "$work/tls") in
    *'certificate verify failed'*)
        complain "$host:$port is niet de server die bij de uitnodiging hoort; er is niets verstuurd" \
            "$host:$port isn't the server that the invitation pins; nothing was sent"
        return "$no_permission" ;;
    *'alert unknown ca'* | *'alert bad certificate'* | *'alert certificate'* | *'alert unsupported certificate'* | \
        *'alert access denied'*)
        complain "$host laat dit certificaat niet toe ($why)" "$host doesn't take this certificate ($why)"
        return "$no_permission" ;;
    esac
    case $why$(head -n 1 "$work/tls") in
    *'x509 certificate routines'* | *'Could not '* | *'nable to load'*)
        complain "sleutel of certificaat is niet in orde ($why)" "key or certificate isn't in order ($why)"
        return "$config" ;;
    esac
    [ "$timed" -ne 124 ] && [ "$timed" -ne 137 ] || why=$(t "niets gehoord" "nothing heard")
    complain "$host:$port is niet te bereiken (${why:-$timed})" "$host:$port can't be reached (${why:-$timed})"
    return "$unavailable"
}
