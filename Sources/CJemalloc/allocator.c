#include "allocator.h"

// jemalloc looks for a variable of this name when the program starts (jemalloc(3), "TUNING"); MALLOC_CONF in the
// environment goes before it.
//
// narenas: so many for any number of processors, as memory is kept in each. What was given back goes to the system a
// second later, by a thread of its own: a server that had a busy minute doesn't stay large for the quiet day after it.
const char *malloc_conf = "narenas:4,background_thread:true,dirty_decay_ms:1000,muzzy_decay_ms:0";
