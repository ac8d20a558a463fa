# shellcheck shell=sh
# Requests on their way. In a profile's folder spool there is for each
#   ID.request   the exact line, then a line with the digest of what its row asks for
#   ID.receipt   position, time of receipt and digest, once the server has it
#   ID.refused   code and sentence, once the server definitely refused it
# A request is on disk before it is sent, and the same bytes are sent until one of the others is there.

# The id that a key always gets at an address (section 8.4.10 of the specification); the key is standard input.
derived_id() {
    hex=$({ printf 'regiopost key\n%s\n' "$1"; cat; } | digest)
    variant=$(printf '%s' "$hex" | cut -c 17 | tr '0123456789abcdef' '89ab89ab89ab89ab')
    printf '%s-%s-8%s-%s%s-%s\n' "$(printf '%s' "$hex" | cut -c 1-8)" "$(printf '%s' "$hex" | cut -c 9-12)" \
        "$(printf '%s' "$hex" | cut -c 14-16)" "$variant" "$(printf '%s' "$hex" | cut -c 18-20)" \
        "$(printf '%s' "$hex" | cut -c 21-32)"
}

# What became of request N of this run: received, refused, waiting or wrong, then details.
became() {
    n=$1
    shift
    (IFS=$unit; printf '%s\n' "$*") >"$work/ask.$n.outcome"
}

# Settles all requests of this run that one profile makes: reads which there are, and writes what became of each.
settle_profile() {
    profile=$1
    awk -F "$unit" -v profile="$profile" '$3 == profile' "$work/asks" >"$work/own"
    open_profile "$profile"
    status=$?
    if [ "$status" -ne 0 ]; then
        all_became wrong "$status" no-profile "" "$profile"
        return
    fi
    if $dry_run; then
        while IFS=$unit read -r n _ _ municipality _ has_key _; do name_request || continue; done <"$work/own"
        return
    fi
    folder "$place/spool" && lock_profile
    status=$?
    if [ "$status" -ne 0 ]; then
        all_became waiting "$status"
        return
    fi
    rm -f "$place"/.new.?????? "$place"/spool/.new.??????
    : >"$work/fresh"
    while IFS=$unit read -r n _ _ municipality letter has_key _; do look_up; done <"$work/own"
    compose_fresh
    push_pending
    while IFS=$unit read -r n _; do conclude; done <"$work/own"
    unlock
}

all_became() {
    while IFS=$unit read -r n _; do became "$n" "$@"; done <"$work/own"
    note "$2"
}

# The digest of what request $n asks for, and its id.
name_request() {
    if [ "$municipality" != "${address%%/*}" ]; then
        became "$n" wrong "$data" not-its-profile "" "$profile"
        return 1
    fi
    says=$(digest <"$work/ask.$n.says")
    id=$(
        {
            printf 'briefing/'
            if [ "$has_key" = yes ]; then cat "$work/ask.$n.key"; else printf '%.32s' "$says"; fi
        } | derived_id "$address"
    )
    printf '%s\n' "$id" >"$work/ask.$n.id"
}

# Finds out whether a request was made before: notes it as fresh, or what is wrong.
look_up() {
    name_request || return
    request=$place/spool/$id
    [ -f "$request.request" ] || rm -f "$request.receipt" "$request.refused"
    if [ -f "$request.refused" ]; then
        # It was definitely not taken, so that a mended row may have its id.
        if $again || [ "$(sed -n 2p "$request.request")" != "$says" ]; then
            rm -f "$request.request" "$request.refused"
        fi
    fi
    if [ ! -f "$request.request" ]; then
        printf '%s\n' "$n$unit$id$unit$says$unit$municipality$unit$letter" >>"$work/fresh"
    elif [ "$(sed -n 2p "$request.request")" != "$says" ]; then
        became "$n" wrong "$data" key-taken key ""
    elif $check; then
        rm -f "$request.receipt"
    fi
}

# MARK: Composing

ask_directory() {
    greeted REGIOPOST || return
    printf '1 WATCH mailbox=directory cursor=0\n'
    await '^1 [ON]' && printf '2 QUIT\n'
}
# By WATCH from the beginning and without STORED, because this isn't a client that keeps what it reads: giving a later
# cursor would say that letters were delivered.
ask_own() {
    greeted REGIOPOST || return
    printf '1 WATCH mailbox=own cursor=0\n'
    await '^1 [ON]' && printf '2 QUIT\n'
}
# Reads a mailbox into tables: feeder, and perhaps the id of a change to find.
read_post() {
    talk_as "$1" || return
    if ! grep -q "^OK${unit}1$unit" "$work/meaning"; then
        complain "$host brak af" "$host broke off"
        return "$temporary"
    fi
    # A Dutch day, whatever this machine's time zone is or knows of others.
    today=$(TZ=CET-1CEST,M3.5.0,M10.5.0/3 date +%Y-%m-%d)
    awk -v unit="$unit" -v find="${2:-}" -v today="$today" -f "$parts/json.awk" -f "$parts/post.awk" \
        "$work/said" 2>"$work/why" && return
    complain "$host zegt wat niet klopt: $(cat "$work/why")" "$host says what isn't right: $(cat "$work/why")"
    return "$protocol"
}

# Composes what is new, by the directory as it is now, and puts it on disk.
compose_fresh() {
    [ -s "$work/fresh" ] || return
    warn_of_expiry
    read_post ask_directory >"$work/table"
    status=$?
    if [ "$status" -eq 0 ] && grep -q "[^$unit]$" "$work/fresh"; then
        read_post ask_own >>"$work/table"
        status=$?
    fi
    reached=$status
    [ "$status" -eq 0 ] || return
    while IFS=$unit read -r n id says municipality letter; do
        awk -v unit="$unit" -v id="$id" -v time="$(date -u +%Y-%m-%dT%H:%M:%SZ)" -v municipality="$municipality" \
            -v letter="$letter" -v ask="$work/ask.$n" -f "$parts/json.awk" -f "$parts/compose.awk" "$work/table" \
            >"$work/line"
        status=$?
        IFS=$unit read -r kind code name detail <"$work/line"
        if [ "$kind" = wrong ]; then
            became "$n" wrong "$data" "$code" "$name" "$detail"
        elif [ "$status" -ne 0 ] || [ ! -s "$work/line" ]; then
            became "$n" wrong "$software" not-composed "" ""
        elif ! { cat "$work/line"; printf '%s\n' "$says"; } | keep_first "$place/spool/$id.request"; then
            complain "$place/spool kan niet worden geschreven" "$place/spool can't be written"
            became "$n" waiting "$io"
        fi
    done <"$work/fresh"
}

# A certificate can't be renewed by itself; its user hears of it in time.
warn_of_expiry() {
    openssl x509 -in "$place/certificate-$key_name.pem" -noout -checkend 2592000 >/dev/null 2>&1 && return
    complain "het certificaat van $profile verloopt binnen 30 dagen; vraag een uitnodiging" \
        "the certificate of $profile expires within 30 days; ask for an invitation"
}

# MARK: Sending

push_each() {
    greeted REGIOPOST || return
    window=$(sed -n '1s/.* requests=\([0-9]*\).*/\1/p' "$work/said")
    if [ "${window:-1}" -gt 64 ]; then window=64; fi
    count=0
    while IFS= read -r id; do
        count=$((count + 1))
        printf '%s PUSH ' "$count"
        head -n 1 "$place/spool/$id.request"
        if [ $((count % window)) -eq 0 ]; then await '^[0-9][0-9]* [ON]' "$count" || return; fi
    done <"$work/pending"
    await '^[0-9][0-9]* [ON]' "$count" && printf '%s QUIT\n' $((count + 1))
}

# Sends all that has no answer yet, also what isn't in this file any more.
push_pending() {
    : >"$work/pending"
    for request in "$place"/spool/*.request; do
        name=${request%.request}
        if [ -f "$request" ] && [ ! -f "$name.receipt" ] && [ ! -f "$name.refused" ]; then
            printf '%s\n' "${name##*/}" >>"$work/pending"
        fi
    done
    [ -s "$work/pending" ] && [ "${reached:-0}" -eq 0 ] || return
    talk_as push_each
    reached=$?
    [ "$reached" -eq 0 ] || return
    reached=$temporary
    : >"$work/taken"
    while IFS=$unit read -r kind tag word first second third fourth fifth text; do
        case $kind in
        OK) [ "$word" != PUSH ] || take_receipt "$tag" "$first" "$second" "$third" "$fourth" ;;
        NO) take_refusal "$tag" "$word" "$first" "$second" "$third" "$fourth" "$fifth" "$text" ;;
        bye) complain "$host brak af ($tag)" "$host broke off ($tag)" ;;
        esac
    done <"$work/meaning"
    [ ! -s "$work/taken" ] || compare_taken
}
pending_id() { case $1 in *[!0-9]* | '') ;; *) sed -n "$1p" "$work/pending" ;; esac; }

# The server has a request: TAG ID POSITION RECEIVED DIGEST.
take_receipt() {
    id=$(pending_id "$1")
    if [ -z "$id" ] || [ "$2" != "$id" ] ||
        [ "$5" != "$(head -n 1 "$place/spool/$id.request" | tr -d '\n' | digest)" ]; then
        complain "$host gaf een ontvangstbewijs van iets anders" "$host gave a receipt of something else"
        note "$protocol"
        return
    fi
    printf '%s %s %s\n' "$3" "$4" "$5" | keep "$place/spool/$id.receipt" || note "$io"
}

# The server said no: TAG CODE RETRY ID POSITION RECEIVED DIGEST TEXT. Later isn't definite: it may find the request
# there yet.
take_refusal() {
    id=$(pending_id "$1")
    [ -n "$id" ] || return
    if [ "$3" = later ]; then
        complain "$id: $host zei: later ($2)" "$id: $host said: later ($2)"
    elif [ "$2" = id-taken ] && [ "$4" = "$id" ]; then
        printf '%s\n' "$id$unit$5 $6 $7$unit$8" >>"$work/taken"
    else
        printf '%s\n' "$2$unit$8" | keep "$place/spool/$id.refused" || note "$io"
    fi
}

# The server has our ids with other bytes, from another machine or another program. Where those ask for the same, theirs
# are the receipts.
compare_taken() {
    while IFS=$unit read -r id receipt text; do
        read_post ask_own "$id" >"$work/theirs" || return
        sed -n "s/^change$unit//p" "$work/theirs" | flat >"$work/theirs.flat"
        head -n 1 "$place/spool/$id.request" | flat >"$work/ours.flat"
        if [ -s "$work/ours.flat" ] && cmp -s "$work/ours.flat" "$work/theirs.flat"; then
            printf '%s\n' "$receipt" | keep "$place/spool/$id.receipt" || note "$io"
        else
            printf '%s\n' "id-taken$unit$text" | keep "$place/spool/$id.refused" || note "$io"
        fi
    done <"$work/taken"
}
flat() { awk -f "$parts/json.awk" -f "$parts/flat.awk" | sort; }

# What became of a request, by what is on disk.
conclude() {
    [ ! -f "$work/ask.$n.outcome" ] || return
    id=$(cat "$work/ask.$n.id")
    if [ -f "$place/spool/$id.receipt" ]; then
        IFS=' ' read -r position received sum <"$place/spool/$id.receipt"
        became "$n" received "$ok" "$id" "$position" "$received" "$sum"
    elif [ -f "$place/spool/$id.refused" ]; then
        IFS=$unit read -r code text <"$place/spool/$id.refused"
        became "$n" refused "$data" "$id" "$code" "$text"
    else
        became "$n" waiting "${reached:-$temporary}" "$([ ! -f "$place/spool/$id.request" ] || printf '%s' "$id")"
    fi
}
