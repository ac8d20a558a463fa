# Reads what a server sent, and prints what it means. Run after json.awk, with LC_ALL=C.
#   greeting ADDRESS, or enrol-greeting
#   OK TAG PUSH ID POSITION RECEIVED DIGEST, or OK TAG ENROL CERTIFICATE ROOT, or OK TAG VERB
#   NO TAG CODE RETRY ID POSITION RECEIVED DIGEST TEXT    the four are those of id-taken; TAG is * where it is nobody's
#   bye CODE
#   broken WHY                 what no server may send; nothing after it counts

function plain(text) {
    gsub(/[\001-\037\177]/, " ", text)
    return text
}

function broken(why) {
    print "broken" unit "line " NR ": " why
    exit
}

function decoded(text,    all, code) {
    while (match(text, /%[0-9A-F][0-9A-F]/)) {
        code = (index(hex, substr(text, RSTART + 1, 1)) - 1) * 16 + index(hex, substr(text, RSTART + 2, 1)) - 1
        all = all substr(text, 1, RSTART - 1) (code == 0 ? " " : sprintf("%c", code))
        text = substr(text, RSTART + 3)
    }
    return plain(all text)
}

# The attributes from word number first on into attribute[name], and what follows them into rest.
function read_attributes(first,    i, count, word, at, line, name) {
    split("", attribute)
    line = $0
    at = index(line, " :")
    rest = at ? plain(substr(line, at + 2)) : ""
    if (at) line = substr(line, 1, at - 1)
    if (line ~ /^ | $|  /) broken("spaces")
    count = split(line, word, " ")
    for (i = first; i <= count; i++) {
        at = index(word[i], "=")
        name = substr(word[i], 1, at - 1)
        if (!at || name !~ /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/ || name in attribute) broken("attributes")
        attribute[name] = decoded(substr(word[i], at + 1))
    }
}

# What a receipt says, in order; empty where it isn't one.
function receipt() {
    if (attribute["id"] !~ /^[0-9a-f-]+$/ || length(attribute["id"]) != 36) return ""
    if (attribute["position"] !~ /^[1-9][0-9]*$/ || length(attribute["position"]) > 15) return ""
    if (attribute["received"] !~ /^[0-9]+-[0-9]+-[0-9]+T[0-9]+:[0-9]+:[0-9]+(\.[0-9]+)?Z$/) return ""
    if (attribute["digest"] !~ /^[0-9a-f]+$/ || length(attribute["digest"]) != 64) return ""
    return attribute["id"] unit attribute["position"] unit attribute["received"] unit attribute["digest"]
}

BEGIN { hex = "0123456789ABCDEF" }
length($0) > 1049600 { broken("too long") }
!is_utf8($0) { broken("not UTF-8") }
NR == 1 && /^\* REGIOPOST-ENROL 1 / {
    print "enrol-greeting"
    next
}
NR == 1 && /^\* REGIOPOST 1 / {
    read_attributes(4)
    print "greeting" unit attribute["address"]
    next
}
/^\* BYE [a-z]/ {
    print "bye" unit plain($3)
    exit
}
NR == 1 { broken("no greeting") }
/^[^* ]+ OK [A-Z]+/ {
    read_attributes(4)
    if ($3 == "PUSH") {
        told = receipt()
        if (told == "") broken("a receipt")
    } else if ($3 == "ENROL") told = attribute["certificate"] unit attribute["root"]
    else told = ""
    print "OK" unit $1 unit $3 unit told
    next
}
/^[^ ]+ NO [a-z]/ {
    read_attributes(4)
    if (attribute["retry"] !~ /^(never|later|after-sync)$/) broken("a refusal without retry")
    told = receipt()
    print "NO" unit $1 unit $3 unit attribute["retry"] unit (told == "" ? unit unit unit : told) unit rest
    next
}
/^\* [A-Z]/ { next }
{ broken("neither a reply nor an announcement") }
