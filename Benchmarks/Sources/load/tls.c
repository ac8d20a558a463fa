// Connections by mutual TLS 1.3.
#define _GNU_SOURCE
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

SSL_CTX *client_context(void) {
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    if (SSL_CTX_load_verify_locations(context, options.root, NULL) != 1) fail("%s can't be read", options.root);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    return context;
}

void connect_one(struct connection *one, SSL_CTX *context, const char *certificates, int index) {
    char certificate[512], key[512];
    snprintf(certificate, sizeof certificate, "%s/%d.pem", certificates, index);
    snprintf(key, sizeof key, "%s/%d-key.pem", certificates, index);
    int file = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)options.port)};
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    if (connect(file, (struct sockaddr *)&address, sizeof address) != 0) fail("connect: %s", strerror(errno));
    setsockopt(file, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    SSL *tls = SSL_new(context);
    if (SSL_use_certificate_file(tls, certificate, SSL_FILETYPE_PEM) != 1) fail("%s can't be read", certificate);
    if (SSL_use_PrivateKey_file(tls, key, SSL_FILETYPE_PEM) != 1) fail("%s can't be read", key);
    if (options.protocol == REGIOPOST) SSL_set_alpn_protos(tls, (const unsigned char *)"\013regiopost/1", 12);
    SSL_set_fd(tls, file);
    if (SSL_connect(tls) != 1) fail("no TLS to port %d", options.port);
    one->tls = tls;
    one->file = file;
    snprintf(one->cursor, sizeof one->cursor, "%s", options.cursor);
}

void stop_blocking(struct connection *one) { fcntl(one->file, F_SETFL, O_NONBLOCK); }

void send_all(struct connection *one, const char *bytes, size_t length) {
    for (size_t sent = 0; sent < length;) {
        ERR_clear_error();
        int n = SSL_write(one->tls, bytes + sent, (int)(length - sent));
        if (n > 0) {
            sent += (size_t)n;
            one->written += (size_t)n;
            continue;
        }
        if (SSL_get_error(one->tls, n) != SSL_ERROR_WANT_WRITE) fail("the connection broke while writing");
        poll(&(struct pollfd){.fd = one->file, .events = POLLOUT}, 1, PATIENCE);
    }
}

void send_text(struct connection *one, const char *text) { send_all(one, text, strlen(text)); }

size_t receive(struct connection *one) {
    if (one->start > 0) {
        memmove(one->input, one->input + one->start, one->have - one->start);
        one->have -= one->start;
        one->start = 0;
    }
    if (one->capacity - one->have < 16384) {
        one->capacity = one->capacity * 2 + 32768;
        one->input = realloc(one->input, one->capacity);
    }
    ERR_clear_error();
    int n = SSL_read(one->tls, one->input + one->have, (int)(one->capacity - one->have));
    if (n <= 0) {
        int error = SSL_get_error(one->tls, n);
        if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return 0;
        fail("the connection broke after %d replies and %ld records", one->answered, one->records);
    }
    one->have += (size_t)n;
    one->received += (size_t)n;
    return (size_t)n;
}

enum piece wait_for_piece(struct connection *one) {
    while (1) {
        enum piece piece = next_piece(one);
        if (piece != NOTHING && piece != PART) return piece;
        if (piece == NOTHING && receive(one) == 0
            && poll(&(struct pollfd){.fd = one->file, .events = POLLIN}, 1, PATIENCE) <= 0) fail("no reply for minutes");
    }
}

void start_counting(struct connection *all, int count) {
    for (int i = 0; i < count; i++) {
        all[i].written = all[i].received = 0;
        all[i].records = 0;
        all[i].wire_sent = BIO_number_written(SSL_get_wbio(all[i].tls));
        all[i].wire_received = BIO_number_read(SSL_get_rbio(all[i].tls));
    }
}

void print_wire(struct connection *all, int count) {
    size_t sent = 0, received = 0;
    for (int i = 0; i < count; i++) {
        sent += BIO_number_written(SSL_get_wbio(all[i].tls)) - all[i].wire_sent;
        received += BIO_number_read(SSL_get_rbio(all[i].tls)) - all[i].wire_received;
    }
    printf("\"wire_sent\":%zu,\"wire_received\":%zu", sent, received);
}

// What has to be said before requests.
static void introduce(struct connection *one, int index) {
    char text[128];
    if (options.protocol == REGIOPOST && wait_for_piece(one) != GO_AHEAD) fail("no greeting");
    if (options.protocol != DOVECOT) return;
    snprintf(text, sizeof text, "l LOGIN u%d secret\r\n", index);
    send_text(one, text);
    if (wait_for_piece(one) != REPLY) fail("no LOGIN");
    // Who only adds messages selects no mailbox, and so is told of none.
    if (strcmp(options.kind, "submit") == 0) return;
    send_text(one, "s SELECT INBOX\r\n");
    while (wait_for_piece(one) != REPLY) {}
}

void connect_all(struct connection *all, int count, const char *certificates, int share) {
    SSL_CTX *context = client_context();
    for (int i = 0; i < count; i++) {
        connect_one(&all[i], context, certificates, options.protocol == REGIOPOST ? i / share : 0);
        introduce(&all[i], options.user + i / share);
        stop_blocking(&all[i]);
    }
}
