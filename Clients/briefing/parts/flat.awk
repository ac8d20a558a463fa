# What a change asks for, as lines that can be sorted and compared: all but its id, its time and how it is spaced. Run
# after json.awk, with LC_ALL=C, over one line of JSON. Empty lists and null say the same as nothing.
{
    if (!json_read($0)) exit 1
    for (path in kind) {
        if (path !~ /^\/(type|subject|author|body\/.*)$/) continue
        if (kind[path] == "array" && value[path] == 0 || value[path] == "null" && kind[path] == "word") continue
        print path "\t" kind[path] "\t" json_quoted(value[path])
    }
}
