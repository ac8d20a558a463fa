// Counts what a process allocates: preloaded into a server, it adds each allocation to two numbers in the file that
// ALLOCATIONS names, how many and how many bytes, where they can be read at any time. For glibc.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

struct totals { _Atomic unsigned long count, bytes; };

static struct totals unseen;
static struct totals *totals = &unseen;

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("ALLOCATIONS");
    int file = path == NULL ? -1 : open(path, O_RDWR | O_CREAT, 0600);
    if (file < 0 || ftruncate(file, sizeof *totals) != 0) return;
    void *place = mmap(NULL, sizeof *totals, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (place != MAP_FAILED) totals = place;
}

static void note(size_t size) {
    atomic_fetch_add_explicit(&totals->count, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&totals->bytes, size, memory_order_relaxed);
}

void *malloc(size_t size) {
    note(size);
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    note(count * size);
    return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size) {
    note(size);
    return __libc_realloc(old, size);
}

void *memalign(size_t alignment, size_t size) {
    note(size);
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **out, size_t alignment, size_t size) {
    void *place = memalign(alignment, size);
    if (place == NULL) return ENOMEM;
    *out = place;
    return 0;
}
