// The first sync: everything that is stored, page after page.
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
        write_page_request(request, sizeof request, &one, options.count - (int)one.records);
        send_text(&one, request);
        while (wait_for_piece(&one) != REPLY) {}
        if (one.records == before) break;
    }
    double took = now() - start;
    printf("{\"seconds\":%.6f,\"records\":%ld,\"rate\":%.1f,\"received\":%zu,\"cursor\":\"%s\",", took, one.records,
        (double)one.records / took, one.received, one.cursor);
    print_wire(&one, 1);
    puts("}");
    return 0;
}
