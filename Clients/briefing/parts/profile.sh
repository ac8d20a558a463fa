# shellcheck shell=sh
# A profile: one griffie's place on this machine, with its key, its certificate, the server's root, and its requests.

# Where profiles are. They aren't those of the regiopost program, which keeps a replica in its own.
profiles_home() {
    data_home=${XDG_DATA_HOME:-${HOME:-.}/.local/share}
    printf '%s\n' "${REGIOPOST_HOME:-$data_home/regiopost}/request-briefings"
}

# Reads a profile: its address, host, port and the name of its key.
open_profile() {
    place=$home/$1 address='' host='' port='' key_name=''
    [ -f "$place/profile" ] || return "$config"
    while IFS='=' read -r name value; do
        case $name in
        address) address=$value ;;
        host) host=$value ;;
        port) port=$value ;;
        key) key_name=$value ;;
        esac
    done <"$place/profile"
    is_address "$address" && is_host "$host" && is_port "$port" && [ -r "$place/key-$key_name.pem" ] &&
        [ -r "$place/certificate-$key_name.pem" ] && [ -r "$place/authority-$key_name.pem" ] || return "$config"
}

# Only one run works on a profile at a time.
lock_profile() {
    lock "$place"
    status=$?
    case $status in
    "$ok") ;;
    "$temporary") complain "een ander is met $profile bezig" "somebody else is working on $profile" ;;
    *) complain "$place kan niet worden geschreven" "$place can't be written" ;;
    esac
    return "$status"
}

# A conversation as the open profile.
talk_as() {
    talk "$1" "$host" "$port" regiopost/1 -CAfile "$place/authority-$key_name.pem" \
        -cert "$place/certificate-$key_name.pem" -key "$place/key-$key_name.pem" || return
    greeted_as=$(sed -n "s/^greeting$unit\([^$unit]*\).*/\1/p" "$work/meaning")
    [ "$greeted_as" = "$address" ] && return 0
    complain "$host ziet ons aan voor $greeted_as" "$host takes us for $greeted_as"
    return "$no_permission"
}

is_address() { printf '%s\n' "$1" | grep -qxE 'gm[0-9]{4}/griffie'; }
is_port() { printf '%s\n' "$1" | grep -qxE '[1-9][0-9]{0,4}' && [ "$1" -le 65535 ]; }
is_host() { printf '%s\n' "$1" | grep -qxE '[A-Za-z0-9.-]{1,253}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*'; }

# MARK: Enrolling

# regiopost:1:HOST:PORT:ADDRESS:SECRET:PIN
read_invitation() {
    shape='regiopost:1:([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*\]):[1-9][0-9]{0,4}:'
    shape=$shape'[a-z0-9/-]+:[A-Za-z0-9_-]{22,86}:[0-9a-f]{64}'
    [ "${#1}" -le 512 ] && printf '%s\n' "$1" | grep -qxE "$shape" ||
        die "$data" "dit is geen uitnodiging" "this is no invitation"
    rest=${1#regiopost:1:}
    pin=${rest##*:} rest=${rest%:*}
    secret=${rest##*:} rest=${rest%:*}
    address=${rest##*:} rest=${rest%:*}
    port=${rest##*:} host=${rest%:*}
    host=${host#\[} host=${host%\]}
    is_port "$port" || die "$data" "dit is geen uitnodiging" "this is no invitation"
    is_address "$address" || die "$data" "$address vraagt geen raadstoelichtingen aan; dat doet een griffie" \
        "$address doesn't request council briefings; a griffie does"
}

# A key's public half, as the SHA-256 of its SubjectPublicKeyInfo.
public_digest() { openssl pkey -pubin -outform DER 2>/dev/null | digest; }
certificate_digest() { openssl x509 -in "$1" -noout -pubkey 2>/dev/null | public_digest; }

base64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }
from_base64url() {
    tr -- '-_' '+/' | awk '{ while (length($0) % 4) $0 = $0 "="; print }' | openssl base64 -d -A
}

# Finds the root that the invitation pins among what the server shows, before anything secret is sent. What is found
# here proves nothing yet; the next connection has to hold by it.
find_root() {
    case $host in
    *:*) set -- -connect "[$host]:$port" -noservername ;;
    *[!0-9.]*) set -- -connect "$host:$port" -servername "$host" ;;
    *) set -- -connect "$host:$port" -noservername ;;
    esac
    timeout -k 2 "$limit" openssl s_client "$@" -alpn regiopost-enrol/1 -tls1_3 -showcerts \
        </dev/null >"$work/shown" 2>"$work/tls"
    timed=$?
    rm -f "$work"/shown.*
    awk -v work="$work" '
        /^-----BEGIN CERTIFICATE-----$/ { path = work "/shown." ++count; inside = count <= 10 }
        inside { print >path }
        /^-----END CERTIFICATE-----$/ { if (inside) close(path); inside = 0 }' "$work/shown"
    [ -f "$work/shown.1" ] || silence || return
    for certificate in "$work"/shown.*; do
        [ "$(certificate_digest "$certificate")" = "$pin" ] || continue
        # The name has to stand in it as it is; openssl alone would take a wildcard or the subject as well.
        case $host in *:*) ;; *[!0-9.]*) names_host "$work/shown.1" || continue ;; esac
        cp "$certificate" "$work/root.pem"
        return
    done
    complain "$host:$port is niet de server die bij de uitnodiging hoort; het geheim is niet verstuurd" \
        "$host:$port isn't the server that the invitation pins; the secret was not sent"
    return "$no_permission"
}

names_host() {
    openssl x509 -in "$1" -noout -ext subjectAltName 2>/dev/null | tr -d ' ' | tr ',' '\n' | grep -qxiF "DNS:$host"
}

ask_to_enrol() {
    greeted REGIOPOST-ENROL || return
    printf '1 ENROL address=%s secret=%s request=%s\n' "$address" "$secret" "$(cat "$work/request")"
    await '^1 ' && printf '2 QUIT\n'
}

# The key is on disk before the server is asked; an invitation has one key for good, so that being cut off and run
# again gets the same certificate.
make_key() {
    made=$(openssl ecparam -name prime256v1 -genkey -noout 2>/dev/null) || return "$software"
    printf '%s\n' "$made" | keep_first "$1" && openssl pkey -in "$1" -noout 2>/dev/null && return
    complain "$1 kan niet worden geschreven" "$1 can't be written"
    return "$io"
}

# The certificate has to be for our key, and from the root that was pinned.
check_certificate() {
    ours=$(openssl pkey -in "$1" -pubout 2>/dev/null | public_digest)
    IFS=$unit read -r _ _ _ certificate root <<EOF
$(grep "^OK$unit" "$work/meaning" | head -n 1)
EOF
    printf '%s\n' "$certificate" | from_base64url | openssl x509 -inform DER -out "$work/certificate.pem" 2>/dev/null
    printf '%s\n' "$root" | from_base64url | openssl x509 -inform DER -out "$work/returned.pem" 2>/dev/null
    [ "$(certificate_digest "$work/certificate.pem")" = "$ours" ] &&
        [ "$(certificate_digest "$work/returned.pem")" = "$pin" ] &&
        openssl verify -no-CApath -no-CAstore -CAfile "$work/root.pem" "$work/certificate.pem" >/dev/null 2>&1 &&
        return
    complain "$host gaf een certificaat dat niet klopt" "$host gave a certificate that isn't right"
    return "$protocol"
}

# Enrols by an invitation, and says so. Requests that wait stay; a new certificate takes the place of an old one in one
# step, when the profile names its key.
enrol() {
    read_invitation "$1"
    profile=${2:-$prefix${address%%/*}}
    wanted=$address
    place=$home/$profile
    folder "$place/spool" || exit
    lock_profile || exit
    name=$(printf '%s' "$1" | digest | cut -c 1-16)
    if [ -f "$place/profile" ]; then
        old=$(sed -n 's/^address=//p' "$place/profile")
        [ "$old" = "$address" ] || die "$config" "profiel $profile is van $old" "profile $profile is $old's"
        old_key=$(sed -n 's/^key=//p' "$place/profile")
    fi
    key=$place/key-$name.pem
    [ -f "$key" ] || make_key "$key" || exit
    openssl req -new -key "$key" -subj "/CN=${address%%/*} griffie" -outform DER 2>/dev/null | base64url \
        >"$work/request"
    [ -s "$work/request" ] || die "$io" "$key kan niet worden gebruikt" "$key can't be used"
    find_root || exit
    talk ask_to_enrol "$host" "$port" regiopost-enrol/1 -CAfile "$work/root.pem" || exit
    if ! grep -q "^OK${unit}1${unit}ENROL" "$work/meaning"; then
        IFS=$unit read -r _ _ code retry _ _ _ _ text <<EOF
$(grep "^NO$unit" "$work/meaning" | head -n 1)
EOF
        [ -n "$code" ] || die "$temporary" "$host brak af; probeer het opnieuw" "$host broke off; try again"
        status=$data
        [ "$retry" != later ] || status=$temporary
        die "$status" "$code: $(refusal "$code" "$text")" "$code: $(refusal "$code" "$text")"
    fi
    check_certificate "$key" || exit
    keep "$place/authority-$name.pem" <"$work/root.pem" &&
        keep "$place/certificate-$name.pem" <"$work/certificate.pem" &&
        printf '%s\n' "address=$wanted" "host=$host" "port=$port" "key=$name" | keep "$place/profile" ||
        die "$io" "$place kan niet worden geschreven" "$place can't be written"
    if [ -n "${old_key:-}" ] && [ "$old_key" != "$name" ]; then
        rm -f "$place/key-$old_key.pem" "$place/certificate-$old_key.pem" "$place/authority-$old_key.pem"
    fi
    unlock
    t "$wanted is aangemeld bij $host als profiel $profile." "$wanted is enrolled with $host as profile $profile."
}
