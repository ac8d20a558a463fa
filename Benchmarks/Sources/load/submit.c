// Requests that were made before, a window of them under way on each connection.
#define _GNU_SOURCE
#include "load.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Sends as much as the window and the socket allow.
static void send_some(struct connection *one) {
    while (1) {
        size_t end = one->ends[one->sent];
        while (one->sent < options.count && one->sent - one->answered < options.window) {
            one->times[one->sent] = now();
            end = one->ends[++one->sent];
        }
        if (one->written >= end) return;
        ERR_clear_error();
        int n = SSL_write(one->tls, one->requests + one->written, (int)(end - one->written));
        if (n <= 0) {
            int error = SSL_get_error(one->tls, n);
            if (error == SSL_ERROR_WANT_WRITE || error == SSL_ERROR_WANT_READ) return;
            fail("the connection broke while writing");
        }
        one->written += (size_t)n;
    }
}

static void read_some(struct connection *one) {
    enum piece piece;
    while (receive(one) > 0) {
        while ((piece = next_piece(one)) != NOTHING) {
            if (piece != REPLY) continue;
            if (one->answered >= one->sent) fail("a reply to nothing");
            one->times[one->answered] = now() - one->times[one->answered];
            one->answered++;
        }
    }
}

static void report(struct connection *all, double took) {
    size_t replies = (size_t)options.connections * (size_t)options.count, records = replies * (size_t)options.batch;
    double *times = malloc(sizeof(double) * replies);
    size_t sent = 0, received = 0;
    for (int i = 0; i < options.connections; i++) {
        memcpy(times + (size_t)i * (size_t)options.count, all[i].times, sizeof(double) * (size_t)options.count);
        sent += all[i].written;
        received += all[i].received;
    }
    printf("{\"seconds\":%.6f,\"records\":%zu,\"rate\":%.1f,", took, records, (double)records / took);
    print_times(times, replies);
    printf(",\"sent\":%zu,\"received\":%zu,", sent, received);
    print_wire(all, options.connections);
    puts("}");
    free(times);
}

int submit(void) {
    struct connection *all = calloc((size_t)options.connections, sizeof *all);
    struct pollfd *polls = calloc((size_t)options.connections, sizeof *polls);
    for (int i = 0; i < options.connections; i++) prepare(&all[i], i);
    connect_all(all, options.connections, options.certificates, options.share);
    for (int i = 0; options.protocol == LIMIT && i < options.connections; i++) {
        send_text(&all[i], "=");
        all[i].written = 0;
    }
    start_counting(all, options.connections);
    double start = now();
    for (int i = 0; i < options.connections; i++) send_some(&all[i]);
    while (1) {
        int open = 0;
        for (int i = 0; i < options.connections; i++) {
            int waits = all[i].written < all[i].ends[all[i].sent];
            polls[i] = (struct pollfd){.fd = all[i].file, .events = (short)(POLLIN | (waits ? POLLOUT : 0))};
            if (all[i].answered == options.count) polls[i].fd = -1;
            else open++;
        }
        if (open == 0) break;
        if (poll(polls, (nfds_t)options.connections, PATIENCE) <= 0) fail("no reply for minutes");
        for (int i = 0; i < options.connections; i++) {
            if (polls[i].fd < 0 || polls[i].revents == 0) continue;
            read_some(&all[i]);
            send_some(&all[i]);
        }
    }
    report(all, now() - start);
    return 0;
}
