# Reads the CSV and checks every field of it. Run after json.awk, with LC_ALL=C; unit is what separates fields in what
# it prints, work the folder for files, prefix what profiles' names begin with. For each request it writes
# work/ask.N.says (what it asks for, as options: what its digest is taken of), .body (members in JSON), .with
# (municipalities, one a line), .region and .key, and prints
#   ask N LINE PROFILE MUNICIPALITY LETTER HAS-KEY, then what with, region, letter and key are called
# and for what is wrong: wrong LINE CODE COLUMN DETAIL, or head LINE CODE COLUMN DETAIL where no row can be read.
# The environment's briefing_NAME holds what options say, for cells that say nothing; lists have one item a line.

function trim(text) {
    gsub(/^[ \t]+|[ \t]+$/, "", text)
    return text
}

# What is shown of a text from the file: no controls, not much.
function shown(text) {
    gsub(/[\001-\037\177]/, "?", text)
    return length(text) > 120 ? substr(text, 1, 120) "..." : text
}

function report(kind, code, column, detail) {
    print kind unit NR unit code unit shown(column) unit shown(detail)
}

# Says what is wrong with a row; only the first thing.
function wrong(code, column, detail) {
    if (!failed) report("wrong", code, column, detail)
    failed = 1
    return 0
}

# MARK: Cells

# Cuts a line into cell[1...] and answers how many; 0 where a quote stays open, -N where text follows that of cell N.
function cut(line,    i, c, count, quoted, closed, value) {
    split("", cell)
    for (i = 1; i <= length(line); i++) {
        c = substr(line, i, 1)
        if (quoted && c == "\"" && substr(line, i + 1, 1) == "\"") {
            value = value c
            i++
        } else if (quoted && c == "\"") {
            quoted = 0
            closed = 1
        } else if (quoted) value = value c
        else if (c == separator) {
            cell[++count] = trim(value)
            value = ""
            closed = 0
        } else if (closed && c !~ /[ \t]/) return -(count + 1)
        else if (c == "\"" && trim(value) == "") {
            quoted = 1
            value = ""
        } else value = value c
    }
    if (quoted) return 0
    cell[++count] = trim(value)
    return count
}

function has_cell(name) { return (name in column) && cell[column[name]] != "" }
function option_of(name) { return ENVIRON["briefing_" name] }
function get(name) { return has_cell(name) ? cell[column[name]] : option_of(name) }
# Where a value came from, as its user calls it.
function label(name) {
    if (has_cell(name) || option_of(name) == "") return name in column ? title[column[name]] : native[name]
    return "--" option[name]
}

# The items of a list into item[1...]: of a cell between semicolons, of options one a line.
function list(name,    i, count, part, all) {
    split("", item)
    all = split(get(name), part, has_cell(name) ? ";" : "\n")
    for (i = 1; i <= all; i++) if (trim(part[i]) != "") item[++count] = trim(part[i])
    return count + 0
}

# MARK: Dates

function days_in(year, month) {
    if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31
}

# 2026-06-02 and, as spreadsheets in the Netherlands write it, 2-6-2026; empty for anything else.
function date(text,    part, swap) {
    gsub("/", "-", text)
    if (text !~ /^[0-9]+-[0-9]+-[0-9]+$/ || split(text, part, "-") != 3) return ""
    if (length(part[1]) != 4) {
        swap = part[1]
        part[1] = part[3]
        part[3] = swap
    }
    if (length(part[1]) != 4 || length(part[2]) > 2 || length(part[3]) > 2 || part[1] < 1970) return ""
    if (part[2] < 1 || part[2] > 12 || part[3] < 1 || part[3] > days_in(part[1], part[2] + 0)) return ""
    return sprintf("%04d-%02d-%02d", part[1], part[2], part[3])
}

# 9:30, 9.30 and 09:30:00 as 09:30; empty for anything else.
function clock(text,    part) {
    gsub(/[.]/, ":", text)
    if (text !~ /^[0-9][0-9]?:[0-9][0-9](:00)?$/) return ""
    split(text, part, ":")
    return part[1] > 23 || part[2] > 59 ? "" : sprintf("%02d:%02d", part[1], part[2])
}

# A slot as people type it, 2026-06-02 19:30-21:30; empty for anything else.
function slot(text,    piece, range, day, start, end) {
    gsub(/ *- */, "-", text)
    if (split(text, piece, /[ T]+/) != 2 || split(piece[2], range, /[-\/]/) != 2) return ""
    day = date(piece[1])
    start = clock(range[1])
    end = clock(range[2])
    return day == "" || start == "" || end == "" || start >= end ? "" : day " " start "-" end
}

# The row's slots into slots, one after the other with commas between.
function read_slots(    i, count, one, day, start, end) {
    slots = ""
    if (get("date") get("start") get("end") != "") {
        day = date(get("date"))
        if (get("date") == "") return wrong("no-date", label("date"), "")
        if (day == "") return wrong("bad-date", label("date"), get("date"))
        start = clock(get("start"))
        if (start == "") return wrong("bad-time", label("start"), get("start"))
        end = clock(get("end"))
        if (end == "") return wrong("bad-time", label("end"), get("end"))
        if (start >= end) return wrong("end-not-after-start", label("end"), get("start") "-" get("end"))
        slots = day " " start "-" end
    }
    count = list("slots")
    for (i = 1; i <= count; i++) {
        one = slot(item[i])
        if (one == "") return wrong("bad-slot", label("slots"), item[i])
        slots = slots (slots == "" ? "" : ",") one
    }
    if (slots == "") return wrong("no-slot", label("date"), "")
    return 1
}

# MARK: Fields

function text_fits(name, most) {
    return length(get(name)) <= most ? 1 : wrong("too-long", label(name), most)
}

function yes_or_no(text) {
    text = tolower(text)
    if (text ~ /^(yes|ja|true|waar|1)$/) return "yes"
    return text ~ /^(no|nee|false|onwaar|0)$/ ? "no" : ""
}

# Checks everything in the row and keeps it in field; 0 where something is wrong.
function read_row(    i, count, code) {
    failed = 0
    split("", field)
    for (i in names)
        if (!is_utf8(get(names[i])) || has_noncharacter(get(names[i]))) return wrong("not-utf8", label(names[i]), "")
    code = tolower(get("municipality"))
    if (code ~ /^[0-9]+$/ && length(code) <= 4) code = sprintf("gm%04d", code)
    if (code !~ /^gm[0-9][0-9][0-9][0-9]$/) return wrong("no-code", label("municipality"), get("municipality"))
    field["municipality"] = code
    field["profile"] = get("profile") == "" ? prefix code : get("profile")
    if (field["profile"] !~ /^[A-Za-z0-9_][A-Za-z0-9._-]*$/)
        return wrong("bad-profile", label("profile"), get("profile"))
    if (!read_slots()) return 0
    count = list("themes")
    if (count > 500) return wrong("too-many", label("themes"), 500)
    for (i = 1; i <= count; i++) {
        if (length(item[i]) > 500) return wrong("too-long", label("themes"), 500)
        field["themes"] = field["themes"] "--theme=" item[i] "\n"
    }
    if (!text_fits("audience", 500) || !text_fits("place", 500) || !text_fits("note", 4000)) return 0
    if (get("size") != "" && (get("size") !~ /^[1-9][0-9]*$/ || length(get("size")) > 5 || get("size") + 0 > 10000))
        return wrong("bad-size", label("size"), get("size"))
    field["online"] = get("online") == "" ? "" : yes_or_no(get("online"))
    if (get("online") != "" && field["online"] == "") return wrong("bad-truth", label("online"), get("online"))
    count = list("with")
    if (count > 500) return wrong("too-many", label("with"), 500)
    for (i = 1; i <= count; i++) field["with"] = field["with"] item[i] "\n"
    if (get("letter") !~ /^[A-Za-z0-9-]*$/ || length(get("letter")) > 36)
        return wrong("bad-letter", label("letter"), get("letter"))
    for (i = 1; i <= texts; i++) field[text_name[i]] = get(text_name[i])
    return !failed
}

# MARK: Requests

# A row makes a request of its own, or, where it has the key of an earlier one, adds its slots to that. Where it says
# something else, it has to be the same.
function take_row(    n, name) {
    name = field["profile"] "\n" field["key"]
    if (field["key"] != "" && name in ask_of) {
        n = ask_of[name]
        for (name in kept)
            if (field[name] != "" && field[name] != kept_field[n, name])
                return wrong("differs", label(name), line_of[n])
        slots_of[n] = slots_of[n] "," slots
    } else {
        n = ++asks
        if (field["key"] != "") ask_of[name] = n
        line_of[n] = NR
        slots_of[n] = slots
        for (name in kept) kept_field[n, name] = field[name]
        labels[n] = label("with") unit label("region") unit label("letter") unit label("key")
    }
}

function member(text, name, quoted) { return text == "" ? "" : ",\"" name "\":" quoted }

# From --theme=... lines; an item has no line end, since a row is one line and options are cut at theirs.
function themes_json(text,    i, count, line, all) {
    count = split(text, line, "\n")
    for (i = 1; i < count; i++) all = all (i == 1 ? "" : ",") json_quoted(substr(line[i], 9))
    return "[" all "]"
}

function write_ask(n,    i, count, one, says, json, path, rest) {
    path = work "/ask." n
    count = split(slots_of[n], one, ",")
    for (i = 1; i <= count; i++) {
        says = says "--slot=" one[i] "\n"
        json = json (i == 1 ? "" : ",") "\"" substr(one[i], 1, 10) "T" substr(one[i], 12, 5) "/" substr(one[i], 18) "\""
    }
    says = says kept_field[n, "themes"]
    json = "\"slots\":[" json "]" member(kept_field[n, "themes"], "themes", themes_json(kept_field[n, "themes"]))
    for (i = 1; i <= 3; i++) {
        one[1] = kept_field[n, text_name[i]]
        if (one[1] == "") continue
        says = says "--" text_name[i] "=" one[1] "\n"
        json = json member(one[1], text_name[i], text_name[i] == "size" ? one[1] : json_quoted(one[1]))
    }
    rest = kept_field[n, "with"]
    gsub(/[^\n]+/, "--with=&", rest)
    says = says rest
    if (kept_field[n, "note"] != "") says = says "--note=" kept_field[n, "note"] "\n"
    json = json member(kept_field[n, "note"], "note", json_quoted(kept_field[n, "note"]))
    if (kept_field[n, "letter"] != "") says = says "--letter=" kept_field[n, "letter"] "\n"
    if (kept_field[n, "region"] != "") says = says "--region=" kept_field[n, "region"] "\n"
    if (kept_field[n, "online"] != "") says = says "--online=" kept_field[n, "online"] "\n"
    json = json member(kept_field[n, "online"], "online", kept_field[n, "online"] == "yes" ? "true" : "false")
    printf "%s", says >(path ".says")
    printf "%s", json >(path ".body")
    printf "%s", kept_field[n, "with"] >(path ".with")
    printf "%s", kept_field[n, "region"] >(path ".region")
    printf "%s", kept_field[n, "key"] >(path ".key")
    close(path ".says")
    close(path ".body")
    close(path ".with")
    close(path ".region")
    close(path ".key")
    print "ask" unit n unit line_of[n] unit kept_field[n, "profile"] unit kept_field[n, "municipality"] unit \
        kept_field[n, "letter"] unit (kept_field[n, "key"] == "" ? "no" : "yes") unit labels[n]
}

# MARK: The file

function head(    i, name) {
    columns = cut($0)
    if (!is_utf8($0)) return head_wrong("not-utf8", "", "")
    if (columns <= 0) return head_wrong("open-quote", "", "")
    for (i = 1; i <= columns; i++) {
        title[i] = cell[i]
        name = tolower(cell[i])
        if (name in translation) name = translation[name]
        if (name == "") continue
        if (!(name in known)) return head_wrong("unknown-column", cell[i], cell[i])
        if (name in column) return head_wrong("double-column", cell[i], cell[i])
        column[name] = i
    }
    if (!("municipality" in column) && option_of("municipality") == "") head_wrong("no-municipality-column", "", "")
}

function head_wrong(code, name, detail) {
    report("head", code, name, detail)
    stopped = 1
    exit
}

function row(    i, count) {
    count = cut($0)
    failed = 0
    if (count == 0) return wrong("open-quote", "", "")
    if (count < 0) return wrong("after-quote", -count <= columns ? title[-count] : "", "")
    if (count != columns) return wrong("cells", "", count "/" columns)
    for (i = 1; i <= count; i++) {
        if (title[i] == "" && cell[i] != "") return wrong("no-title", "", cell[i])
        if (index(cell[i], "\r")) return wrong("carriage-return", title[i], "")
    }
    if (read_row()) take_row()
}

BEGIN {
    english = "municipality date start end slots themes audience size place with note letter key profile region online"
    dutch = "gemeente datum begin eind momenten thema\047s voor aantal plaats met toelichting brief sleutel profiel" \
        " regio online"
    count = split(english, names, " ")
    split(dutch, own, " ")
    for (i = 1; i <= count; i++) {
        known[names[i]] = 1
        native[names[i]] = language == "nl" ? own[i] : names[i]
        translation[own[i]] = names[i]
        option[names[i]] = names[i] == "themes" ? "theme" : names[i]
    }
    # As Word and Excel write the apostrophe.
    translation["thema\342\200\231s"] = "themes"
    # Digests are taken of them in this order.
    texts = split("audience size place note letter key region", text_name, " ")
    split("municipality profile themes online with", more, " ")
    for (i in text_name) kept[text_name[i]] = 1
    for (i in more) kept[more[i]] = 1
}
NR == 1 { sub(/^\357\273\277/, "") }
{ sub(/\r$/, "") }
/^[ \t]*$/ || /^[ \t]*#/ || /^[,;]+$/ || !columns && /^sep=.$/ { next }
!columns {
    separator = index($0, ",") || !index($0, ";") ? "," : ";"
    head()
    next
}
{ row() }
END {
    if (stopped) exit
    if (!columns) {
        report("head", "empty", "", "")
        exit
    }
    for (i = 1; i <= asks; i++) write_ask(i)
}
