# A strict reader of I-JSON (RFC 7493, narrowed as in section 4 of the specification), and a writer of strings.
# Bytes, not characters: to be run with LC_ALL=C. That the text is UTF-8 is the caller's to ask, by is_utf8.
#
# json_read(text) answers 1, or 0 with json_error. Then kind[path] is object, array, string, number or word, and
# value[path] a string's text, a number or word as written, or the count of what is inside. Paths are /body/slots/0;
# in a name, % and / are written %25 and %2F. A string's U+0000 is kept as the bytes C0 80, which no UTF-8 has.

function json_read(text,    first) {
    split("", kind)
    split("", value)
    json_text = text
    json_at = 1
    json_count = 0
    json_error = ""
    if (has_noncharacter(text)) return json_wrong("a noncharacter")
    json_space()
    if (json_here() != "{") return json_wrong("no object")
    if (!json_any("", 1)) return 0
    json_space()
    return json_here() == "" ? 1 : json_wrong("text after the end")
}

function has_noncharacter(text) {
    return text ~ /\357\267[\220-\257]|\357\277[\276\277]|[\360-\364][\217\237\257\277]\277[\276\277]/
}

# Whether bytes are UTF-8: nothing overlong, no surrogates, nothing past U+10FFFF.
function is_utf8(text) {
    if (text !~ /[\200-\377]/) return 1
    # Whole sequences become spaces; a lead byte can't stand inside another sequence, so their order means nothing.
    gsub(/[\361-\363][\200-\277][\200-\277][\200-\277]|\360[\220-\277][\200-\277][\200-\277]/, " ", text)
    gsub(/\364[\200-\217][\200-\277][\200-\277]/, " ", text)
    gsub(/[\341-\354\356\357][\200-\277][\200-\277]|\340[\240-\277][\200-\277]/, " ", text)
    gsub(/\355[\200-\237][\200-\277]|[\302-\337][\200-\277]/, " ", text)
    return text !~ /[\200-\377]/
}

function json_wrong(what) {
    if (json_error == "") json_error = what " at byte " json_at
    return 0
}

function json_here() { return substr(json_text, json_at, 1) }

function json_space() { while (json_here() ~ /^[ \t\n\r]$/) json_at++ }

function json_any(path, depth,    c) {
    if (++json_count > 20000) return json_wrong("too many values")
    if (path in kind) return json_wrong("a name twice")
    json_space()
    c = json_here()
    if (c == "{") return json_object(path, depth)
    if (c == "[") return json_array(path, depth)
    if (c == "\"") {
        kind[path] = "string"
        if (!json_string()) return 0
        value[path] = json_result
        return 1
    }
    return json_plain(path)
}

function json_object(path, depth,    count, name) {
    if (depth > 16) return json_wrong("too deep")
    kind[path] = "object"
    json_at++
    json_space()
    if (json_here() == "}") {
        json_at++
        value[path] = 0
        return 1
    }
    while (1) {
        json_space()
        if (json_here() != "\"") return json_wrong("no name")
        if (!json_string()) return 0
        name = json_result
        gsub(/%/, "%25", name)
        gsub(/\//, "%2F", name)
        json_space()
        if (json_here() != ":") return json_wrong("no colon")
        json_at++
        if (++count > 200) return json_wrong("too many members")
        if (!json_any(path "/" name, depth + 1)) return 0
        json_space()
        if (json_here() == "}") break
        if (json_here() != ",") return json_wrong("no comma")
        json_at++
    }
    json_at++
    value[path] = count
    return 1
}

function json_array(path, depth,    count) {
    if (depth > 16) return json_wrong("too deep")
    kind[path] = "array"
    count = 0
    json_at++
    json_space()
    if (json_here() == "]") {
        json_at++
        value[path] = 0
        return 1
    }
    while (1) {
        if (!json_any(path "/" count, depth + 1)) return 0
        count++
        json_space()
        if (json_here() == "]") break
        if (json_here() != ",") return json_wrong("no comma")
        json_at++
    }
    json_at++
    value[path] = count
    return 1
}

# A number, or true, false or null.
function json_plain(path,    rest, digits) {
    rest = substr(json_text, json_at, 24)
    if (match(rest, /^-?(0|[1-9][0-9]*)/)) {
        digits = substr(rest, 1, RLENGTH)
        if (digits == "-0" || substr(rest, RLENGTH + 1, 1) ~ /^[0-9.eE]$/) return json_wrong("no whole number")
        kind[path] = "number"
        value[path] = digits
        json_at += RLENGTH
        sub(/^-/, "", digits)
        # Compared as texts, because awk may not have the last digits of a number that large.
        if (length(digits) > 16 || length(digits) == 16 && digits "" > "9007199254740991")
            return json_wrong("a number too large")
        return 1
    }
    if (!match(rest, /^(true|false|null)/)) return json_wrong("no value")
    kind[path] = "word"
    value[path] = substr(rest, 1, RLENGTH)
    json_at += RLENGTH
    return 1
}

# Reads the string that begins here into json_result. By pieces of a bounded length, or a long text would be copied
# once for each of its escapes.
function json_string(    all, piece) {
    json_at++
    while (1) {
        piece = substr(json_text, json_at, 256)
        if (piece == "") return json_wrong("an open string")
        if (!match(piece, /["\\\001-\037]/)) {
            all = all piece
            json_at += length(piece)
            continue
        }
        all = all substr(piece, 1, RSTART - 1)
        json_at += RSTART - 1
        piece = json_here()
        if (piece == "\"") break
        if (piece != "\\") return json_wrong("a control")
        if (!json_escape()) return 0
        all = all json_result
    }
    json_at++
    json_result = all
    return 1
}

function json_escape(    c, code, low) {
    c = substr(json_text, json_at + 1, 1)
    json_at += 2
    if (c == "u") {
        code = json_hex()
        if (code < 0) return json_wrong("a bad escape")
        if (code >= 56320 && code <= 57343) return json_wrong("an unpaired surrogate")
        if (code >= 55296 && code <= 56319) {
            if (substr(json_text, json_at, 2) != "\\u") return json_wrong("an unpaired surrogate")
            json_at += 2
            low = json_hex()
            if (low < 56320 || low > 57343) return json_wrong("an unpaired surrogate")
            code = 65536 + (code - 55296) * 1024 + low - 56320
        }
        if (code % 65536 >= 65534 || code >= 64976 && code <= 65007) return json_wrong("a noncharacter")
        json_result = json_utf8(code)
        return 1
    }
    if (c == "" || !index("\"\\/bfnrt", c)) return json_wrong("a bad escape")
    if (c == "b") c = "\b"
    else if (c == "f") c = "\f"
    else if (c == "n") c = "\n"
    else if (c == "r") c = "\r"
    else if (c == "t") c = "\t"
    json_result = c
    return 1
}

# The number of four hexadecimal digits; -1 for anything else.
function json_hex(    i, digit, code) {
    for (i = 0; i < 4; i++) {
        digit = substr(json_text, json_at + i, 1)
        digit = digit == "" ? 0 : index("0123456789abcdef", tolower(digit))
        if (digit == 0) return -1
        code = code * 16 + digit - 1
    }
    json_at += 4
    return code
}

function json_utf8(code) {
    if (code == 0) return "\300\200"
    if (code < 128) return sprintf("%c", code)
    if (code < 2048) return sprintf("%c%c", 192 + int(code / 64), 128 + code % 64)
    if (code < 65536) return sprintf("%c%c%c", 224 + int(code / 4096), 128 + int(code / 64) % 64, 128 + code % 64)
    return sprintf("%c%c%c%c", 240 + int(code / 262144), 128 + int(code / 4096) % 64, 128 + int(code / 64) % 64, \
        128 + code % 64)
}

# A text as a JSON string, in quotes. DEL is escaped as well, for terminals.
function json_quoted(text,    all, c) {
    while (match(text, /["\\\001-\037\177]/)) {
        c = substr(text, RSTART, 1)
        all = all substr(text, 1, RSTART - 1)
        if (c == "\"" || c == "\\") all = all "\\" c
        else if (c == "\n") all = all "\\n"
        else if (c == "\t") all = all "\\t"
        else all = all sprintf("\\u%04x", json_code(c))
        text = substr(text, RSTART + 1)
    }
    return "\"" all text "\""
}

# Which control a character is; awk has no function for that.
function json_code(c,    i) {
    for (i = 1; i < 32; i++) if (sprintf("%c", i) == c) return i
    return 127
}
