# shellcheck shell=sh
# Tells what became of each row: receipts on standard output, for people or, by --json, for programs; complaints on
# standard error.

# A text for JSON; what is shown has no controls any more.
quoted() { printf '"%s"' "$(printf '%s' "$1" | sed 's/[\\"]/\\&/g')"; }

# A row is wrong: ROW STATUS CODE COLUMN DETAIL.
tell_wrong() {
    note "$2"
    what=$(explain "$3" "$5")
    if [ -n "$4" ]; then
        complain "regel $1, kolom $4: $what" "line $1, column $4: $what"
    else
        complain "regel $1: $what" "line $1: $what"
    fi
    $json || return 0
    printf '{"line":%s,"status":"wrong","code":%s,"column":%s,"detail":%s}\n' "$1" "$(quoted "$3")" "$(quoted "$4")" \
        "$(quoted "$5")"
}

# Tells what became of request $n, from row $row.
tell() {
    if [ ! -f "$work/ask.$n.outcome" ]; then
        # Only looked at. What it says comes from the file, so a terminal gets no controls of it.
        line=$(tr '\n' ' ' <"$work/ask.$n.says" | tr -d '\001-\037\177')
        id=$(cat "$work/ask.$n.id")
        if $json; then
            printf '{"line":%s,"municipality":"%s","profile":"%s","status":"sound","id":"%s"}\n' "$row" \
                "$municipality" "$profile" "$id"
        else
            t "regel $row  $municipality  zou aanvragen  id $id  $line" \
                "line $row  $municipality  would request  id $id  $line"
        fi
        return
    fi
    IFS=$unit read -r kind status first second third fourth <"$work/ask.$n.outcome"
    if [ "$kind" = wrong ]; then
        case $second in
        with) second=$with_label ;;
        region) second=$region_label ;;
        letter) second=$letter_label ;;
        key) second=$key_label ;;
        esac
        tell_wrong "$row" "$status" "$first" "$second" "$third"
        return
    fi
    note "$status"
    if $json; then
        printf '{"line":%s,"municipality":"%s","profile":"%s","status":"%s"' "$row" "$municipality" "$profile" "$kind"
        [ -z "$first" ] || printf ',"id":"%s"' "$first"
        case $kind in
        received) printf ',"position":%s,"received":"%s","digest":"%s"' "$second" "$third" "$fourth" ;;
        refused) printf ',"code":%s,"text":%s' "$(quoted "$second")" "$(quoted "$(refusal "$second" "$third")")" ;;
        esac
        printf '}\n'
    fi
    case $kind in
    received)
        line="$third  $(t positie position) $second  id $first  sha256 $fourth"
        $json || t "regel $row  $municipality  ontvangen door de server  $line" \
            "line $row  $municipality  received by the server  $line" ;;
    refused)
        $json || t "regel $row  $municipality  geweigerd  $second  id $first" \
            "line $row  $municipality  refused  $second  id $first"
        what=$(refusal "$second" "$third")
        complain "regel $row: de server weigert dit ($second): $what; verbeter de regel, of vraag opnieuw met --again" \
            "line $row: the server refuses this ($second): $what; mend the row, or ask again by --again" ;;
    waiting)
        $json || t "regel $row  $municipality  nog niet ontvangen${first:+  id $first}" \
            "line $row  $municipality  not received yet${first:+  id $first}" ;;
    esac
}
