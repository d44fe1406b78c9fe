// The libdeflate C library: compression, decompression and checksums.
#include <libdeflate.h>
