#ifndef REGIOPOST_ALLOCATOR_H
#define REGIOPOST_ALLOCATOR_H

/// How jemalloc, which a program that depends on this target allocates with, is set.
extern const char *malloc_conf;

#endif
