// The libdeflate C library: decompression and checksums.
#include <libdeflate.h>
