// What a static program needs otherwise than others.
//
// It must not load libraries, nor look up users in whatever service the machine has, for which the C library loads some:
// they would need the very C library that the program was linked with. So it can't. And it must start where there is no
// /proc.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <grp.h>
#include <pwd.h>
#include <stddef.h>
#include <stdint.h>

void *dlopen(const char *path, int mode) {
  (void)path, (void)mode;
  return NULL;
}

void *dlsym(void *library, const char *name) {
  (void)library, (void)name;
  return NULL;
}

int dlclose(void *library) {
  (void)library;
  return -1;
}

char *dlerror(void) { return "this program is static, and loads no libraries"; }

// Swift's runtime asks where it is, for the program that prints backtraces after a crash, and doesn't start where nothing
// tells, as where there is no /proc. A static program has no such companion.
int dladdr(const void *address, Dl_info *found) {
  (void)address;
  *found = (Dl_info){.dli_fname = "/nowhere/logitree"};
  return 1;
}

// Swift reads the arguments from /proc, unless it is given them.
extern void _swift_stdlib_overrideUnsafeArgvArgc(char **arguments, int count);

__attribute__((constructor)) static void give_arguments(int count, char **arguments) {
  _swift_stdlib_overrideUnsafeArgvArgc(arguments, count);
}

int getpwnam_r(const char *name, struct passwd *user, char *buffer, size_t length, struct passwd **found) {
  (void)name, (void)user, (void)buffer, (void)length;
  *found = NULL;
  return 0;
}

int getpwuid_r(uid_t id, struct passwd *user, char *buffer, size_t length, struct passwd **found) {
  (void)id, (void)user, (void)buffer, (void)length;
  *found = NULL;
  return 0;
}

int getgrnam_r(const char *name, struct group *group, char *buffer, size_t length, struct group **found) {
  (void)name, (void)group, (void)buffer, (void)length;
  *found = NULL;
  return 0;
}

int getgrgid_r(gid_t id, struct group *group, char *buffer, size_t length, struct group **found) {
  (void)id, (void)group, (void)buffer, (void)length;
  *found = NULL;
  return 0;
}

// HDF5's way to S3, from 1.14 on, which would take libcurl and a library of cryptography with it. Nothing here opens a file so.
int64_t H5FD_ros3_init(void) { return -1; }
