# Replays vectors through the reader of JSON: prints what it judges in another way, then how many it was asked.
{ all = all $0 "\n" }
END {
    if (!json_read(all)) {
        print "the vectors themselves: " json_error
        exit 1
    }
    legal = value["/legal"]
    for (i = 0; i < legal; i++) {
        line[i] = value["/legal/" i "/line"]
        name[i] = value["/legal/" i "/name"]
        id[i] = value["/legal/" i "/change/id"]
    }
    illegal = value["/illegal"]
    for (i = 0; i < illegal; i++) {
        # Those that are filled up are too large for this file; those that are no object have a code of their own.
        path = "/illegal/" i
        if ((path "/fill") in kind || value[path "/line"] !~ /^[{]/) continue
        wrong[i] = value[path "/line"]
        wrong_name[i] = value[path "/name"]
        is_json[i] = value[path "/code"] != "bad-json"
    }
    for (i = 0; i < legal; i++) {
        asked++
        if (!json_read(line[i])) print name[i] ": " json_error
        else if (value["/id"] != id[i]) print name[i] ": the id"
    }
    for (i in wrong) {
        asked++
        if (json_read(wrong[i]) != is_json[i]) print wrong_name[i] ": " json_error
    }
    print asked " asked"
}
