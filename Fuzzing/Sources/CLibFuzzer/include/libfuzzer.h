#ifndef REGIOPOST_LIBFUZZER_H
#define REGIOPOST_LIBFUZZER_H

#include <stddef.h>
#include <stdint.h>

/// libFuzzer's own loop, which `-sanitize=fuzzer` links. Takes its arguments and what to call with each input.
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*take)(const uint8_t *data, size_t size));

#endif
