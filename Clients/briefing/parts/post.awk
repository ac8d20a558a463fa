# Reads what a server sent of a mailbox, and prints tables of it. Run after json.awk, with LC_ALL=C.
#   organisation CODE NAME SHORT-NAME REGION      as they are now: a later line replaces an earlier one; REGION is that
#                                                 of today, a variable
#   abolished CODE SUCCESSOR
#   region NAME TITLE PROVINCE
#   letter ID DOSSIER DOCUMENT                    those that were not withdrawn
#   change JSON                                   the change whose id is the variable find
# Ends with status 1 at a line that isn't what the protocol says.

function plain(text) {
    gsub(/[\001-\037\177]/, " ", text)
    return text
}

function broken(why) {
    print "line " NR ": " why >"/dev/stderr"
    failed = 1
    exit 1
}

# The region that an organisation is in today, by the classification that counts for letters and meetings.
function own_region(    i, path) {
    for (i = 0; i < value["/body/regions"]; i++) {
        path = "/body/regions/" i
        if (value[path "/classification"] != "bestuurlijk") continue
        if (kind[path "/from"] == "string" && value[path "/from"] > today) continue
        if (kind[path "/until"] == "string" && value[path "/until"] < today) continue
        return value[path "/region"]
    }
    return ""
}

function take(json,    type, id, i) {
    if (!json_read(json)) broken("the change is no I-JSON: " json_error)
    type = value["/type"]
    id = value["/id"]
    if (id == find) print "change" unit json
    if (type == "organisation.set")
        entry[value["/subject"]] = "organisation" unit plain(value["/body/code"]) unit plain(value["/body/name"]) \
            unit plain(value["/body/shortName"]) unit plain(own_region())
    else if (type == "region.set")
        entry[value["/subject"]] = "region" unit plain(value["/body/name"]) unit plain(value["/body/title"]) unit \
            plain(value["/body/province"])
    else if (type == "organisation.merge")
        for (i = 0; i < value["/body/organisations"]; i++)
            entry["abolished " value["/body/organisations/" i]] = "abolished" unit \
                plain(value["/body/organisations/" i]) unit plain(value["/body/into"])
    else if (type == "letter.publish")
        entry[value["/subject"]] = "letter" unit id unit plain(value["/body/dossier"]) unit \
            plain(value["/body/document"])
    else if (type == "letter.withdraw") delete entry[value["/subject"]]
}

/^\* CHANGE / {
    at = index($0, " {")
    if (!at) broken("a change without JSON")
    words = substr($0, 1, at)
    if (!match(words, / position=[1-9][0-9]* /)) broken("a change without its position")
    if (substr(words, RSTART + 10, RLENGTH - 11) + 0 != ++position) broken("a gap in the mailbox")
    take(substr($0, at + 1))
}
END {
    if (failed) exit 1
    for (subject in entry) print entry[subject]
}
