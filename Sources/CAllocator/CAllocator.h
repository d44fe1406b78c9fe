// Settings of the C library's allocator, which Swift's own module of it leaves out.

#ifndef CALLOCATOR_H
#define CALLOCATOR_H

#include <stdlib.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

/// Makes the allocator give memory back, so that the peak does not grow with the length of a run: all threads share one
/// arena, since what threads that came and went had freed in theirs is not used again, and large blocks are always
/// the system's own, which the allocator otherwise stops after it has freed some. To be called before there are threads.
static inline void callocator_keep_little(void) {
#ifdef __GLIBC__
  mallopt(M_ARENA_MAX, 1);
  mallopt(M_MMAP_THRESHOLD, 256 << 10);
#endif
}

#endif
