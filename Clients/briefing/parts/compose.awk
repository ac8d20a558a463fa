# Composes one request: the line that is sent, on standard output. Run after json.awk, with LC_ALL=C, over the table
# that post.awk made. Variables: unit; id, time, municipality, letter; ask, how the names of rows.awk's files begin.
# What can't be composed is told as "wrong CODE FIELD DETAIL", FIELD being with, region or letter, and with status 1.

# A whole small file, without a line end at its end.
function file(path,    all, line) {
    while ((getline line < path) > 0) all = all (all == "" ? "" : "\n") line
    close(path)
    return all
}

function wrong(code, field, detail) {
    gsub(/[\001-\037\177]/, "?", detail)
    print "wrong" unit code unit field unit detail
    failed = 1
    exit 1
}

# The code of the municipality that is called so.
function code_of(text,    lower) {
    lower = tolower(text)
    if (lower ~ /^[0-9]+$/ && length(lower) <= 4) lower = sprintf("gm%04d", lower)
    if (lower in region_of) return lower
    if (!(lower in code_by_name)) wrong("unknown-municipality", "with", text)
    return code_by_name[lower]
}

# What is asked of a municipality that was abolished is asked of its successor.
function invite(code,    steps) {
    while ((code in successor) && steps++ < 20) code = successor[code]
    if (code ~ /^gm/ && code != municipality) invited[code] = 1
}

function invite_region(text,    name, code) {
    name = tolower(text)
    if (name ~ /^(own|eigen|yes|ja)$/) name = region_of[municipality]
    else if (!(name in province_of)) name = region_by_title[name]
    if (name == "") wrong("unknown-region", "region", text)
    for (code in region_of) if (region_of[code] == name && !(code in successor)) invite(code)
}

# The codes invited, in order, so that the same is always written the same.
function sorted(    code, count, list, i, j, all) {
    for (code in invited) {
        for (i = count++; i > 0 && list[i] > code; i--) list[i + 1] = list[i]
        list[i + 1] = code
    }
    for (i = 1; i <= count; i++) all = all (i == 1 ? "" : ",") "\"" list[i] "\""
    return all
}

# Members for the letter that gave rise to it, by its dossier, its document, its id or the end of that.
function letter_members(    i, wanted, found) {
    wanted = tolower(letter)
    for (i = 1; i <= letters; i++)
        if (tolower(dossier[i]) == wanted || tolower(document[i]) == wanted ||
            length(wanted) >= 4 && substr(letter_id[i], length(letter_id[i]) - length(wanted) + 1) == wanted) {
            if (found) wrong("several-letters", "letter", letter)
            found = i
        }
    if (!found) wrong("no-letter", "letter", letter)
    return ",\"letter\":\"" letter_id[found] "\",\"dossier\":" json_quoted(dossier[found])
}

BEGIN { FS = unit }
$1 == "organisation" {
    region_of[$2] = $5
    code_by_name[tolower($3)] = $2
    code_by_name[tolower($4)] = $2
}
$1 == "abolished" { successor[$2] = $3 }
$1 == "region" {
    province_of[$2] = $4
    region_by_title[tolower($3)] = $2
}
$1 == "letter" {
    letter_id[++letters] = $2
    dossier[letters] = $3
    document[letters] = $4
}
END {
    if (failed) exit 1
    own = region_of[municipality]
    if (own == "" || !(own in province_of)) wrong("no-region", "municipality", municipality)
    count = split(file(ask ".with"), name, "\n")
    for (i = 1; i <= count; i++) if (name[i] != "") invite(code_of(name[i]))
    text = file(ask ".region")
    if (text != "") invite_region(text)
    list = sorted()
    holder = province_of[own] "/accounthouder-" own
    if (holder !~ /^pv[0-9][0-9]\/accounthouder-[a-z0-9-]+$/) wrong("no-region", "municipality", municipality)
    body = "{\"kind\":\"briefing\",\"accounthouder\":\"" holder "\""
    if (list != "") body = body ",\"invited\":[" list "]"
    if (letter != "") body = body letter_members()
    # Council members read what is made for them, and nothing internal: as the client in Swift says it too.
    body = body "," file(ask ".body") ",\"confidentiality\":\"beperkt_openbaar\"}"
    print "{\"v\":1,\"id\":\"" id "\",\"type\":\"meeting.request\",\"subject\":\"meeting/" id "\",\"author\":\"" \
        municipality "/griffie\",\"time\":\"" time "\",\"body\":" body "}"
}
