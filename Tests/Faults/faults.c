// Makes a system call of a program fail: the n-th of a kind, among those on files below a directory. To be preloaded.
//
// FAULT_ROOT    the directory, which is also the program's working directory
// FAULT_CALL    write, pwrite, read, pread, open, fsync, rename, ftruncate or close; each stands for its variants
// FAULT_NUMBER  which call, from 1; 0 for none
// FAULT_ERROR   the errno to fail with; 0 for a write or read of half of the bytes; -1 to kill the program before the call
// FAULT_REPORT  a file elsewhere, which gets a line `call count` for each kind, and `struck path` for the call that failed
//
// A call that fails does nothing, but for close, which closes the file, as Linux does whatever it returns.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum call { WRITE, PWRITE, READ, PREAD, OPEN, FSYNC, RENAME, FTRUNCATE, CLOSE, CALLS };
static const char *const names[CALLS] = {"write", "pwrite", "read", "pread", "open", "fsync", "rename", "ftruncate", "close"};

static char root[PATH_MAX];
static char report[PATH_MAX];
static char struck[PATH_MAX];
static int chosen = -1, error;
static long number, counts[CALLS];
enum { HALF = 0, KILL = -1 };

__attribute__((constructor)) static void begin(void) {
  const char *text = getenv("FAULT_ROOT");
  if (text == NULL || realpath(text, root) == NULL) root[0] = 0;
  if ((text = getenv("FAULT_REPORT")) != NULL) snprintf(report, sizeof report, "%s", text);
  if ((text = getenv("FAULT_NUMBER")) != NULL) number = atol(text);
  if ((text = getenv("FAULT_ERROR")) != NULL) error = atoi(text);
  if ((text = getenv("FAULT_CALL")) != NULL) {
    for (int call = 0; call < CALLS; call++) {
      if (strcmp(text, names[call]) == 0) chosen = call;
    }
  }
  // Children are other programs.
  unsetenv("LD_PRELOAD");
}

__attribute__((destructor)) static void end(void) {
  FILE *file = report[0] != 0 ? fopen(report, "w") : NULL;
  if (file == NULL) return;
  for (int call = 0; call < CALLS; call++) fprintf(file, "%s %ld\n", names[call], counts[call]);
  if (struck[0] != 0) fprintf(file, "struck %s\n", struck);
  fclose(file);
}

/// Whether a path is below the directory. Relative ones are.
static int is_below(const char *path) {
  size_t length = strlen(root);
  if (length == 0) return 0;
  return path[0] != '/' || (strncmp(path, root, length) == 0 && (path[length] == '/' || path[length] == 0));
}

/// Counts a call, and says whether it is the one to fail.
static int strikes(enum call call, const char *path) {
  if (!is_below(path)) return 0;
  long count = __atomic_add_fetch(&counts[call], 1, __ATOMIC_RELAXED);
  if ((int)call != chosen || count != number) return 0;
  snprintf(struck, sizeof struck, "%s", path);
  if (error == KILL) kill(getpid(), SIGKILL);
  return 1;
}

static int strikes_descriptor(enum call call, int descriptor) {
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  int before = errno;
  ssize_t length = readlink(link, path, sizeof path - 1);
  errno = before;
  if (length <= 0 || path[0] != '/') return 0;
  path[length] = 0;
  return strikes(call, path);
}

#define REAL(result, name, ...) \
  static result (*real)(__VA_ARGS__); \
  if (real == NULL) real = (result(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

#define FAIL \
  do { \
    errno = error; \
    return -1; \
  } while (0)

/// How many bytes a call that strikes takes or gives.
static size_t half(size_t size) { return size > 1 ? size / 2 : size; }

#define TRANSFER(call, name, buffer) \
  ssize_t name(int descriptor, buffer bytes, size_t size) { \
    REAL(ssize_t, name, int, buffer, size_t); \
    if (strikes_descriptor(call, descriptor)) { \
      if (error != HALF) FAIL; \
      size = half(size); \
    } \
    return real(descriptor, bytes, size); \
  }

#define TRANSFER_AT(call, name, buffer, offset_type) \
  ssize_t name(int descriptor, buffer bytes, size_t size, offset_type offset) { \
    REAL(ssize_t, name, int, buffer, size_t, offset_type); \
    if (strikes_descriptor(call, descriptor)) { \
      if (error != HALF) FAIL; \
      size = half(size); \
    } \
    return real(descriptor, bytes, size, offset); \
  }

TRANSFER(WRITE, write, const void *)
TRANSFER(READ, read, void *)
TRANSFER_AT(PWRITE, pwrite, const void *, off_t)
TRANSFER_AT(PWRITE, pwrite64, const void *, off64_t)
TRANSFER_AT(PREAD, pread, void *, off_t)
TRANSFER_AT(PREAD, pread64, void *, off64_t)

// What fortified programs call in their place.
ssize_t __read_chk(int descriptor, void *bytes, size_t size, size_t room) {
  return size <= room ? read(descriptor, bytes, size) : (abort(), -1);
}
ssize_t __pread_chk(int descriptor, void *bytes, size_t size, off_t offset, size_t room) {
  return size <= room ? pread(descriptor, bytes, size, offset) : (abort(), -1);
}
ssize_t __pread64_chk(int descriptor, void *bytes, size_t size, off64_t offset, size_t room) {
  return size <= room ? pread64(descriptor, bytes, size, offset) : (abort(), -1);
}

// The mode, which is there only if a file may be created.
#define TAKE_MODE \
  mode_t mode = 0; \
  if (flags & (O_CREAT | __O_TMPFILE)) { \
    va_list arguments; \
    va_start(arguments, flags); \
    mode = va_arg(arguments, mode_t); \
    va_end(arguments); \
  }

#define OPENING(name) \
  int name(const char *path, int flags, ...) { \
    TAKE_MODE; \
    REAL(int, name, const char *, int, ...); \
    if (strikes(OPEN, path)) FAIL; \
    return real(path, flags, mode); \
  }

#define OPENING_AT(name) \
  int name(int directory, const char *path, int flags, ...) { \
    TAKE_MODE; \
    REAL(int, name, int, const char *, int, ...); \
    if ((directory == AT_FDCWD || path[0] == '/') && strikes(OPEN, path)) FAIL; \
    return real(directory, path, flags, mode); \
  }

OPENING(open)
OPENING(open64)
OPENING_AT(openat)
OPENING_AT(openat64)
int __open_2(const char *path, int flags) { return open(path, flags); }
int __open64_2(const char *path, int flags) { return open64(path, flags); }

#define ON_DESCRIPTOR(call, name) \
  int name(int descriptor) { \
    REAL(int, name, int); \
    if (strikes_descriptor(call, descriptor)) FAIL; \
    return real(descriptor); \
  }

ON_DESCRIPTOR(FSYNC, fsync)
ON_DESCRIPTOR(FSYNC, fdatasync)

int close(int descriptor) {
  REAL(int, close, int);
  if (strikes_descriptor(CLOSE, descriptor)) {
    real(descriptor);
    FAIL;
  }
  return real(descriptor);
}

int ftruncate(int descriptor, off_t size) {
  REAL(int, ftruncate, int, off_t);
  if (strikes_descriptor(FTRUNCATE, descriptor)) FAIL;
  return real(descriptor, size);
}

int ftruncate64(int descriptor, off64_t size) {
  REAL(int, ftruncate64, int, off64_t);
  if (strikes_descriptor(FTRUNCATE, descriptor)) FAIL;
  return real(descriptor, size);
}

int rename(const char *path, const char *other) {
  REAL(int, rename, const char *, const char *);
  if (strikes(RENAME, path)) FAIL;
  return real(path, other);
}

int renameat(int directory, const char *path, int target, const char *other) {
  REAL(int, renameat, int, const char *, int, const char *);
  if (strikes(RENAME, path)) FAIL;
  return real(directory, path, target, other);
}
