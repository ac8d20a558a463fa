// What no server passes: a disk that only syncs, TLS that only carries bytes, and both together for whatever comes.
#define _GNU_SOURCE
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// A file of so many bytes that are allocated and zeroed on the disk.
static int zeroed_file(off_t bytes) {
    static const char zeros[1024];
    int file = open(options.file, O_RDWR | O_CREAT | O_TRUNC, 0600);
    if (file < 0) fail("%s: %s", options.file, strerror(errno));
    for (off_t written = 0; written < bytes; written += (off_t)sizeof zeros)
        if (write(file, zeros, sizeof zeros) != sizeof zeros) fail("write: %s", strerror(errno));
    if (fsync(file) != 0) fail("fsync: %s", strerror(errno));
    return file;
}

// How long each fdatasync of 1 KiB takes inside a file that is allocated and zeroed: what no durable server passes.
int probe_disk(void) {
    int file = zeroed_file((off_t)options.count * 1024);
    char block[1024];
    memset(block, 'x', sizeof block);
    double start = now();
    for (int i = 0; i < options.count; i++) {
        if (pwrite(file, block, sizeof block, (off_t)i * 1024) != sizeof block) fail("pwrite: %s", strerror(errno));
        if (fdatasync(file) != 0) fail("fdatasync: %s", strerror(errno));
    }
    double took = now() - start;
    printf("{\"seconds\":%.6f,\"records\":%d,\"rate\":%.1f}\n", took, options.count, options.count / took);
    close(file);
    unlink(options.file);
    return 0;
}

// The file that `keep` writes to, and how long it is; how much it takes at once.
enum { KEPT = 64 << 20, GROUP = 1 << 20 };
static int kept = -1;

// The least that a durable server does: what came is on the disk, then each line has its answer. It looks at nothing.
static void keep(SSL *tls) {
    char *bytes = malloc(GROUP), *replies = malloc(GROUP);
    char reply[174];
    memset(reply, 'k', sizeof reply);
    reply[sizeof reply - 1] = '\n';
    for (off_t place = 0;;) {
        int have = 0, n = 0;
        size_t answered = 0;
        // All that is here goes together, as it does with every server that is compared.
        do {
            n = SSL_read(tls, bytes + have, GROUP - have);
            if (n > 0) have += n;
        } while (n > 0 && have < GROUP
                 && (SSL_pending(tls) > 0 || poll(&(struct pollfd){.fd = SSL_get_fd(tls), .events = POLLIN}, 1, 0) > 0));
        if (n <= 0) break;
        for (char *line = bytes; (line = memchr(line, '\n', (size_t)(bytes + have - line))) != NULL; line++) {
            if (answered + sizeof reply > GROUP) fail("too many lines");
            memcpy(replies + answered, reply, sizeof reply);
            answered += sizeof reply;
        }
        if (place + have > KEPT) place = 0;
        if (pwrite(kept, bytes, (size_t)have, place) != have) fail("pwrite: %s", strerror(errno));
        if (fdatasync(kept) != 0) fail("fdatasync: %s", strerror(errno));
        place += have;
        if (answered > 0 && SSL_write(tls, replies, (int)answered) <= 0) break;
    }
    free(bytes);
    free(replies);
}

// One connection of the limits' server: `+n` asks for n bytes, `-n` says that n bytes come, answered by one; after `=` come
// lines to keep.
static void *serve_one(void *argument) {
    SSL *tls = argument;
    static char bytes[65536];
    char order[32];
    if (SSL_accept(tls) == 1) {
        int length = SSL_read(tls, order, sizeof order - 1);
        order[length < 0 ? 0 : length] = 0;
        if (order[0] == '=') keep(tls);
        long left = labs(atol(order));
        char *room = malloc(sizeof bytes);
        while (left > 0) {
            int most = left < (long)sizeof bytes ? (int)left : (int)sizeof bytes;
            int n = order[0] == '+' ? SSL_write(tls, bytes, most) : SSL_read(tls, room, (int)sizeof bytes);
            if (n <= 0) break;
            left -= n;
        }
        if (order[0] == '-' && left == 0) SSL_write(tls, "k", 1);
        free(room);
        SSL_shutdown(tls);
    }
    close(SSL_get_fd(tls));
    SSL_free(tls);
    return NULL;
}

int serve_limits(void) {
    kept = zeroed_file(KEPT);
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
    char certificate[512], key[512];
    snprintf(certificate, sizeof certificate, "%s/0.pem", options.certificates);
    snprintf(key, sizeof key, "%s/0-key.pem", options.certificates);
    if (SSL_CTX_use_certificate_file(context, certificate, SSL_FILETYPE_PEM) != 1
        || SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1
        || SSL_CTX_load_verify_locations(context, options.root, NULL) != 1) fail("no certificates for the limits");
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    int listener = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)options.port)};
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 128) != 0)
        fail("port %d: %s", options.port, strerror(errno));
    while (1) {
        int file = accept(listener, NULL, NULL);
        if (file < 0) continue;
        SSL *tls = SSL_new(context);
        SSL_set_fd(tls, file);
        pthread_t thread;
        if (pthread_create(&thread, NULL, serve_one, tls) != 0) fail("no thread");
        pthread_detach(thread);
    }
}

// How long the same number of bytes as a first sync takes.
int stream_limit(void) {
    struct connection one = {0};
    char order[32];
    connect_one(&one, client_context(), options.certificates, 0);
    snprintf(order, sizeof order, "+%d", options.count);
    double start = now();
    send_text(&one, order);
    while (one.received < (size_t)options.count) {
        receive(&one);
        one.start = one.have;
    }
    double took = now() - start;
    printf("{\"seconds\":%.6f,\"records\":1,\"rate\":%.1f,\"received\":%zu}\n", took, (double)one.received / took, one.received);
    return 0;
}

// How fast records are taken that nobody looks at: the requests of `submit`, as many at a time as the window has.
int sink_limit(void) {
    struct connection *all = calloc((size_t)options.connections, sizeof *all);
    struct pollfd *polls = calloc((size_t)options.connections, sizeof *polls);
    char order[32];
    SSL_CTX *context = client_context();
    for (int i = 0; i < options.connections; i++) {
        prepare(&all[i], i);
        connect_one(&all[i], context, options.certificates, 0);
        snprintf(order, sizeof order, "-%zu", all[i].ends[options.count]);
        send_text(&all[i], order);
        all[i].written = 0;
        stop_blocking(&all[i]);
    }
    double start = now();
    for (int open = options.connections; open > 0;) {
        for (int i = 0; i < options.connections; i++) {
            struct connection *one = &all[i];
            size_t end = one->ends[one->sent];
            if (one->written == end && one->sent < options.count) {
                one->sent = one->sent + options.window < options.count ? one->sent + options.window : options.count;
                end = one->ends[one->sent];
            }
            int n = one->written < end ? SSL_write(one->tls, one->requests + one->written, (int)(end - one->written)) : 0;
            if (n > 0) one->written += (size_t)n;
            if (one->answered == 0 && one->written == one->ends[options.count] && receive(one) > 0) one->answered = 1, open--;
            int done = one->written == one->ends[options.count];
            polls[i] = (struct pollfd){.fd = one->answered ? -1 : one->file, .events = done ? POLLIN : POLLOUT};
        }
        if (open > 0 && poll(polls, (nfds_t)options.connections, PATIENCE) <= 0) fail("the sink takes nothing");
    }
    double took = now() - start, records = (double)options.connections * options.count;
    printf("{\"seconds\":%.6f,\"records\":%.0f,\"rate\":%.1f}\n", took, records, records / took);
    return 0;
}
