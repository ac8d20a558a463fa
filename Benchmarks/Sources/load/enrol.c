// Enrolment of many: turns invitations into certificates, as section 11 of the specification says. Reads lines of an
// address and its secret, and writes 0.pem, 0-key.pem …, in their order.
#define _GNU_SOURCE
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// Base64url without padding, and back.
static void encode(char *out, const unsigned char *bytes, int length) {
    int n = EVP_EncodeBlock((unsigned char *)out, bytes, length);
    while (n > 0 && out[n - 1] == '=') out[--n] = 0;
    for (char *at = out; *at; at++) *at = *at == '+' ? '-' : *at == '/' ? '_' : *at;
}

static int decode(unsigned char *out, char *text) {
    size_t length = strlen(text), padding = (4 - length % 4) % 4;
    for (char *at = text; *at; at++) *at = *at == '-' ? '+' : *at == '_' ? '/' : *at;
    memset(text + length, '=', padding);
    return EVP_DecodeBlock(out, (unsigned char *)text, (int)(length + padding)) - (int)padding;
}

static FILE *create(int number, const char *ending) {
    char path[512];
    snprintf(path, sizeof path, "%s/%d%s", options.certificates, number, ending);
    FILE *file = fopen(path, "w");
    if (file == NULL) fail("%s: %s", path, strerror(errno));
    return file;
}

// A request for a key; only the key counts.
static int make_request(EVP_PKEY *key, unsigned char **der) {
    X509_REQ *request = X509_REQ_new();
    X509_REQ_set_pubkey(request, key);
    if (X509_REQ_sign(request, key, EVP_sha256()) == 0) fail("no request");
    int length = i2d_X509_REQ(request, der);
    X509_REQ_free(request);
    return length;
}

static void read_line(SSL *tls, char *line, int size) {
    int have = 0;
    while (have == 0 || line[have - 1] != '\n') {
        int n = SSL_read(tls, line + have, size - 1 - have);
        if (n <= 0) fail("enrolment: the connection broke");
        have += n;
    }
    line[have] = 0;
}

static void ask(SSL_CTX *context, const char *line, char *reply, int size) {
    int file = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)options.port)};
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    if (connect(file, (struct sockaddr *)&address, sizeof address) != 0) fail("connect: %s", strerror(errno));
    SSL *tls = SSL_new(context);
    SSL_set_alpn_protos(tls, (const unsigned char *)"\021regiopost-enrol/1", 18);
    SSL_set_fd(tls, file);
    if (SSL_connect(tls) != 1) fail("enrolment: no TLS to port %d", options.port);
    read_line(tls, reply, size);
    SSL_write(tls, line, (int)strlen(line));
    read_line(tls, reply, size);
    SSL_shutdown(tls);
    SSL_free(tls);
    close(file);
}

static void enrol_one(SSL_CTX *context, int number, const char *address, const char *secret) {
    static char line[32768], reply[32768], text[24576];
    static unsigned char bytes[24576];
    EVP_PKEY *key = EVP_EC_gen("P-256");
    unsigned char *der = NULL;
    int length = make_request(key, &der);
    encode(text, der, length);
    FILE *file = create(number, "-key.pem");
    PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL);
    fclose(file);
    snprintf(line, sizeof line, "1 ENROL address=%s secret=%s request=%s\n", address, secret, text);
    ask(context, line, reply, sizeof reply);
    char *found = strstr(reply, "certificate=");
    if (found == NULL || sscanf(found + 12, "%24000[^ \n]", text) != 1) fail("%s is not enrolled: %s", address, reply);
    const unsigned char *at = bytes;
    X509 *certificate = d2i_X509(NULL, &at, decode(bytes, text));
    file = create(number, ".pem");
    if (certificate == NULL || PEM_write_X509(file, certificate) != 1) fail("%s: no certificate", address);
    fclose(file);
    X509_free(certificate);
    EVP_PKEY_free(key);
    OPENSSL_free(der);
}

int enrol(void) {
    FILE *list = fopen(options.file, "r");
    if (list == NULL) fail("%s: %s", options.file, strerror(errno));
    SSL_CTX *context = client_context();
    char address[128], secret[128];
    int count = 0;
    double start = now();
    while (fscanf(list, "%127s %127s", address, secret) == 2) enrol_one(context, count++, address, secret);
    fclose(list);
    double took = now() - start;
    printf("{\"seconds\":%.6f,\"records\":%d,\"rate\":%.1f}\n", took, count, count / took);
    return 0;
}
