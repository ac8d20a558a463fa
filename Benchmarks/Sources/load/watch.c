// Live push: connections that watch, and one that submits; or watching alone, for its memory.
#define _GNU_SOURCE
#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>

// Asks for what comes, and waits until that is heard where the protocol says so. Redis doesn't, and needn't: its request
// says from where on.
static void start_watching(struct connection *one) {
    char request[512];
    write_watch_request(request, sizeof request, one);
    send_text(one, request);
    if (options.protocol == REGIOPOST) while (wait_for_piece(one) != REPLY) {}
    if (options.protocol == DOVECOT) while (wait_for_piece(one) != GO_AHEAD) {}
}

// Whether a connection has the record now. Dovecot only says that there is one; then it is fetched.
static int has_record(struct connection *one) {
    enum piece piece;
    while (receive(one) > 0) {
        while ((piece = next_piece(one)) != NOTHING) {
            if (options.protocol == DOVECOT) {
                if (piece == NEWS && one->more == 0) {
                    send_text(one, "DONE\r\nf FETCH * (BODY.PEEK[])\r\n");
                    one->more = 1;
                } else if (piece == REPLY && one->more++ == 2) {
                    one->more = 0;
                    return 1;
                }
            } else if (piece == (options.protocol == REDIS ? REPLY : RECORD)) return 1;
        }
    }
    return 0;
}

static void rest(void) {
    nanosleep(&(struct timespec){.tv_sec = options.pause / 1000, .tv_nsec = options.pause % 1000 * 1000000L}, NULL);
}

// Submits one record and waits for its reply and for all that watch; how long the last of these took, in seconds.
static double push(struct connection *author, int number, struct connection *all, int events) {
    double start = now(), last = start;
    send_all(author, author->requests + author->ends[number], author->ends[number + 1] - author->ends[number]);
    for (int missing = options.connections, answered = 0; missing > 0 || !answered;) {
        struct epoll_event ready[256];
        int count = epoll_wait(events, ready, 256, PATIENCE);
        if (count <= 0) fail("%d of %d watchers got nothing for minutes", missing, options.connections);
        for (int i = 0; i < count; i++) {
            struct connection *one = ready[i].data.ptr;
            if (one != author) {
                if (has_record(one)) missing--, last = now();
                continue;
            }
            enum piece piece;
            while (receive(one) > 0) while ((piece = next_piece(one)) != NOTHING) answered |= piece == REPLY;
        }
    }
    if (options.protocol != REGIOPOST) for (int i = 0; i < options.connections; i++) start_watching(&all[i]);
    return last - start;
}

static int await(struct connection *all, int count) {
    int events = epoll_create1(0);
    for (int i = 0; i < count; i++)
        epoll_ctl(events, EPOLL_CTL_ADD, all[i].file, &(struct epoll_event){.events = EPOLLIN, .data.ptr = &all[i]});
    return events;
}

// Reads whatever comes until the input ends, then prints how many records that were and when the last one came, in
// seconds since all watched.
static int read_on(struct connection *all) {
    int events = await(all, options.connections);
    epoll_ctl(events, EPOLL_CTL_ADD, 0, &(struct epoll_event){.events = EPOLLIN, .data.ptr = NULL});
    start_counting(all, options.connections);
    puts("watching");
    fflush(stdout);
    double start = now(), last = start;
    long records = 0;
    for (int open = 1; open;) {
        struct epoll_event ready[256];
        int count = epoll_wait(events, ready, 256, -1);
        for (int i = 0; i < count; i++) {
            struct connection *one = ready[i].data.ptr;
            if (one == NULL) {
                open = 0;
                continue;
            }
            long before = one->records;
            while (receive(one) > 0) while (next_piece(one) != NOTHING) {}
            if (one->records > before) records += one->records - before, last = now();
        }
    }
    printf("{\"records\":%ld,\"seconds\":%.6f}\n", records, last - start);
    return 0;
}

int watch(void) {
    struct connection *all = calloc((size_t)options.connections, sizeof *all), author = {0};
    connect_all(all, options.connections, options.certificates, options.share);
    for (int i = 0; i < options.connections; i++) start_watching(&all[i]);
    if (strcmp(options.kind, "idle") == 0) {
        return read_on(all);
    }
    prepare(&author, 0);
    connect_all(&author, 1, options.author, 1);
    int events = await(all, options.connections);
    epoll_ctl(events, EPOLL_CTL_ADD, author.file, &(struct epoll_event){.events = EPOLLIN, .data.ptr = &author});
    double *times = calloc((size_t)options.count, sizeof *times);
    for (int n = 0; n < options.count; n++) {
        rest();
        times[n] = push(&author, n, all, events);
    }
    printf("{\"records\":%d,\"watchers\":%d,", options.count, options.connections);
    print_times(times, (size_t)options.count);
    puts("}");
    return 0;
}
