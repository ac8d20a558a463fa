// The first sync: everything that is stored. From Redis page after page; from regiopostd, as its clients read, one page by
// PULL and what is left by WATCH, which sends pages one after the other until there are no more.
#define _GNU_SOURCE
#include "load.h"

#include <stdio.h>
#include <string.h>

int first_sync(void) {
    struct connection one = {0};
    char request[512];
    connect_all(&one, 1, options.certificates, options.share);
    start_counting(&one, 1);
    double start = now();
    while (one.records < options.count) {
        long before = one.records;
        int watches = options.protocol == REGIOPOST && before > 0;
        if (watches) write_watch_request(request, sizeof request, &one);
        else write_page_request(request, sizeof request, &one, options.count - (int)one.records);
        send_text(&one, request);
        while (wait_for_piece(&one) != REPLY) {}
        if (watches || one.records == before) break;
    }
    double took = now() - start;
    printf("{\"seconds\":%.6f,\"records\":%ld,\"rate\":%.1f,\"received\":%zu,\"cursor\":\"%s\",", took, one.records,
        (double)one.records / took, one.received, one.cursor);
    print_wire(&one, 1);
    puts("}");
    return 0;
}
