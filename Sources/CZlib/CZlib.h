// The zlib C library: streams of deflate, whose state can be copied.
#include <zlib.h>
