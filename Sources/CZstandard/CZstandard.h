// The Zstandard C library: decompression.
#include <zstd.h>
#include <zstd_errors.h>
