// The LZ4 C library: decompression.
#include <lz4.h>
