// One load client for every server that is compared: mutual TLS by OpenSSL, one thread, connections driven by poll. It
// makes all requests before the clock starts, keeps a window of them under way on each connection, and prints as JSON
// what it took. Usage: load PROTOCOL KIND NAME=VALUE…; the options stand in `options` below.
#define _GNU_SOURCE
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct options options = {.connections = 1, .window = 1, .count = 1, .letters = 1000, .bytes = 600};

void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(1);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

// How long each fdatasync of 1 KiB takes inside a file that is allocated and zeroed: what no durable server passes.
static int probe_disk(void) {
    int file = open(options.file, O_RDWR | O_CREAT | O_TRUNC, 0600);
    if (file < 0) fail("%s: %s", options.file, strerror(errno));
    char block[1024] = {0};
    for (int i = 0; i < options.count; i++)
        if (write(file, block, sizeof block) != sizeof block) fail("write: %s", strerror(errno));
    if (fsync(file) != 0) fail("fsync: %s", strerror(errno));
    memset(block, 'x', sizeof block);
    double start = now();
    for (int i = 0; i < options.count; i++) {
        if (pwrite(file, block, sizeof block, (off_t)i * 1024) != sizeof block) fail("pwrite: %s", strerror(errno));
        if (fdatasync(file) != 0) fail("fdatasync: %s", strerror(errno));
    }
    double took = now() - start;
    printf("{\"seconds\":%.6f,\"replies\":%d,\"rate\":%.1f}\n", took, options.count, options.count / took);
    close(file);
    unlink(options.file);
    return 0;
}

static void connect_all(struct connection *all) {
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    if (SSL_CTX_load_verify_locations(context, options.root, NULL) != 1) fail("%s can't be read", options.root);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    for (int i = 0; i < options.connections; i++) {
        char certificate[512], key[512];
        snprintf(certificate, sizeof certificate, "%s/%d.pem", options.certificates, i);
        snprintf(key, sizeof key, "%s/%d-key.pem", options.certificates, i);
        int file = socket(AF_INET, SOCK_STREAM, 0), one = 1;
        struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)options.port)};
        inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
        if (connect(file, (struct sockaddr *)&address, sizeof address) != 0) fail("connect: %s", strerror(errno));
        setsockopt(file, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        SSL *tls = SSL_new(context);
        if (SSL_use_certificate_file(tls, certificate, SSL_FILETYPE_PEM) != 1) fail("%s can't be read", certificate);
        if (SSL_use_PrivateKey_file(tls, key, SSL_FILETYPE_PEM) != 1) fail("%s can't be read", key);
        if (options.protocol == REGIOPOST) SSL_set_alpn_protos(tls, (const unsigned char *)"\013regiopost/1", 12);
        SSL_set_fd(tls, file);
        if (SSL_connect(tls) != 1) fail("no TLS to port %d", options.port);
        all[i].tls = tls;
        all[i].file = file;
        if (options.protocol == REGIOPOST) read_greeting(&all[i]);
        fcntl(file, F_SETFL, O_NONBLOCK);
    }
}

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
    while (1) {
        if (one->capacity - one->have < 65536) {
            one->capacity = one->capacity * 2 + 131072;
            one->input = realloc(one->input, one->capacity);
        }
        ERR_clear_error();
        int n = SSL_read(one->tls, one->input + one->have, (int)(one->capacity - one->have));
        if (n <= 0) {
            int error = SSL_get_error(one->tls, n);
            if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return;
            fail("the connection broke after %d of %d replies", one->answered, options.count);
        }
        one->have += (size_t)n;
        one->received += (size_t)n;
        size_t used = 0, length;
        while ((length = reply_length(one->input + used, one->have - used)) > 0) {
            if (is_reply(one->input + used, length)) {
                one->times[one->answered] = now() - one->times[one->answered];
                one->answered++;
            }
            used += length;
        }
        memmove(one->input, one->input + used, one->have - used);
        one->have -= used;
    }
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void report(struct connection *all, double took) {
    int total = options.connections * options.count;
    double *times = malloc(sizeof(double) * (size_t)total);
    size_t sent = 0, received = 0;
    for (int i = 0; i < options.connections; i++) {
        memcpy(times + (size_t)i * (size_t)options.count, all[i].times, sizeof(double) * (size_t)options.count);
        sent += all[i].written;
        received += all[i].received;
    }
    qsort(times, (size_t)total, sizeof(double), ascending);
    printf("{\"seconds\":%.6f,\"replies\":%d,\"rate\":%.1f,\"p50\":%.6f,\"p99\":%.6f,\"sent\":%zu,\"received\":%zu}\n",
        took, total, total / took, times[total / 2], times[(size_t)total * 99 / 100], sent, received);
    free(times);
}

int main(int argc, char **argv) {
    read_options(argc, argv);
    if (options.protocol == DISK) return probe_disk();
    struct connection *all = calloc((size_t)options.connections, sizeof *all);
    struct pollfd *polls = calloc((size_t)options.connections, sizeof *polls);
    for (int i = 0; i < options.connections; i++) prepare(&all[i], i);
    connect_all(all);
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
        if (poll(polls, (nfds_t)options.connections, 60000) <= 0) fail("no reply for a minute");
        for (int i = 0; i < options.connections; i++) {
            if (polls[i].fd < 0 || polls[i].revents == 0) continue;
            read_some(&all[i]);
            send_some(&all[i]);
        }
    }
    report(all, now() - start);
    return 0;
}
