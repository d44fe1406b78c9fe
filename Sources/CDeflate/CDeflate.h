// The libdeflate C library: checksums.
#include <libdeflate.h>
