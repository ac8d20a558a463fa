// One load client for every server that is compared: mutual TLS by OpenSSL, one thread. It makes all requests before the
// clock starts and prints as JSON what it took.
//
//     load PROTOCOL KIND NAME=VALUE…
//
// | kind     | what it does                                                       |
// |----------|--------------------------------------------------------------------|
// | `submit` | submits records, a window of them under way on each connection     |
// | `poll`   | asks whether there is anything new, as often                       |
// | `sync`   | reads what is stored                                               |
// | `push`   | submits records that all other connections watch                   |
// | `idle`   | watches until its input ends                                       |
// | `enrol`  | turns invitations into certificates                                |
// | `disk`   | syncs a file, as often: a limit                                    |
// | `serve`  | serves limits by TLS: `stream` only reads bytes, `sink` only sends, |
// |          | and what `submit` sends is written and synced, and not looked at   |
//
// The options stand in load.h.
#define _GNU_SOURCE
#include "load.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(1);
}

double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

void print_times(double *times, size_t count) {
    qsort(times, count, sizeof(double), ascending);
    printf("\"p50\":%.6f,\"p99\":%.6f", times[count / 2], times[count * 99 / 100]);
}

int main(int argc, char **argv) {
    signal(SIGPIPE, SIG_IGN);
    read_options(argc, argv);
    static const struct { const char *kind; int (*run)(void); } others[] = {
        {"submit", submit}, {"poll", submit}, {"enrol", enrol}, {"sync", first_sync}, {"push", watch}, {"idle", watch}, {"disk", probe_disk}, {"serve", serve_limits},
        {"stream", stream_limit}, {"sink", sink_limit}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(options.kind, others[i].kind) == 0) return others[i].run();
    fail("%s is nothing to measure", options.kind);
}
