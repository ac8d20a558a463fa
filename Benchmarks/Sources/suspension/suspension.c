// Preloaded into a server that runs under valgrind 3.19: that writes into the mask of a sigsuspend, which Swift's
// libdispatch keeps in memory that can't be written to.
#define _GNU_SOURCE
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

int sigsuspend(const sigset_t *mask) {
    sigset_t copy = *mask;
    // The kernel's set of signals has eight bytes.
    return (int)syscall(SYS_rt_sigsuspend, &copy, 8);
}
