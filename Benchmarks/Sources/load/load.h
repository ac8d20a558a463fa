#pragma once

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stddef.h>

enum protocol { REGIOPOST, REDIS, DISK };

// What is measured, from the command line.
struct options {
    enum protocol protocol;
    // `letter` and `response` for Regiopost, `add` for Redis.
    const char *kind;
    const char *root, *certificates, *file;
    int port, connections, window;
    // Requests on each connection.
    int count;
    // Which set of letters: ids of different sets differ.
    int set;
    // How many letters the set has.
    int letters;
    // Bytes of text in a response.
    int bytes;
};

// One connection with all its requests.
struct connection {
    SSL *tls;
    int file;
    char *requests;
    // Where request i begins; ends[i + 1] is where it ends.
    size_t *ends;
    // When request i was sent, and once it is answered how long that took, in seconds.
    double *times;
    int sent, answered;
    size_t written, received;
    char *input;
    size_t have, capacity;
};

extern struct options options;

__attribute__((noreturn, format(printf, 1, 2))) void fail(const char *format, ...);
void read_options(int argc, char **argv);

// Writes all requests of a connection into memory.
void prepare(struct connection *one, int index);
// Waits for the line with which a Regiopost server begins.
void read_greeting(struct connection *one);
// How many bytes the first whole line of the input has, 0 where none is whole.
size_t reply_length(const char *input, size_t have);
// Whether a line answers a request. Ends the program where it is a refusal: what is refused is not measured.
int is_reply(const char *line, size_t length);
