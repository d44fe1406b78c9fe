// What the file drivers here have in common.

#ifndef CHDF5_DRIVER_H
#define CHDF5_DRIVER_H

#include "CHDF5.h"
#include <errno.h>
#include <hdf5.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/// An open file of any of the drivers, which begins with what the library keeps of every file.
struct chdf5_driver_file {
  H5FD_t common;
  haddr_t end_of_allocation;
  haddr_t end_of_file;
};

static haddr_t chdf5_driver_end_of_allocation(const H5FD_t *file, H5FD_mem_t type) {
  (void)type;
  return ((const struct chdf5_driver_file *)file)->end_of_allocation;
}

static herr_t chdf5_driver_set_end_of_allocation(H5FD_t *file, H5FD_mem_t type, haddr_t address) {
  (void)type;
  ((struct chdf5_driver_file *)file)->end_of_allocation = address;
  return 0;
}

static haddr_t chdf5_driver_end_of_file(const H5FD_t *file, H5FD_mem_t type) {
  (void)type;
  return ((const struct chdf5_driver_file *)file)->end_of_file;
}

/// Puts the failure of a system call on the library's error stack, as its own drivers do.
static inline void chdf5_driver_fail(const char *action, hid_t code) {
  int error = errno;
  H5Epush2(
      H5E_DEFAULT, __FILE__, __func__, __LINE__, H5E_ERR_CLS, H5E_VFL, code, "%s: errno = %d, error message = '%s'", action,
      error, strerror(error));
}

/// An open file of those drivers that read a file on the disk.
struct chdf5_disk_file {
  struct chdf5_driver_file driver;
  int descriptor;
  dev_t device;
  ino_t inode;
};

static inline int chdf5_disk_refuses(unsigned flags) {
  return (flags & (H5F_ACC_RDWR | H5F_ACC_CREAT | H5F_ACC_TRUNC)) != 0;
}

/// Takes over an open file.
static inline void chdf5_disk_begin(struct chdf5_disk_file *file, int descriptor, const struct stat *status) {
  file->descriptor = descriptor;
  file->driver.end_of_file = (haddr_t)status->st_size;
  file->device = status->st_dev;
  file->inode = status->st_ino;
}

/// Orders files; two are equal if they are the same file on the disk.
static int chdf5_disk_compare(const H5FD_t *a, const H5FD_t *b) {
  const struct chdf5_disk_file *first = (const struct chdf5_disk_file *)a;
  const struct chdf5_disk_file *second = (const struct chdf5_disk_file *)b;
  if (first->device != second->device) return first->device < second->device ? -1 : 1;
  if (first->inode != second->inode) return first->inode < second->inode ? -1 : 1;
  return 0;
}

/// Fills a buffer. Returns 0, or a negative number, and `errno` says why.
static inline int chdf5_disk_read(const struct chdf5_disk_file *file, haddr_t address, size_t size, void *buffer) {
  while (size > 0) {
    ssize_t got = pread(file->descriptor, buffer, size, (off_t)address);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return -1;
    if (got == 0) {
      // Beyond the end there are zeros, as with the library's own drivers: it reads there, and judges by what it finds.
      memset(buffer, 0, size);
      return 0;
    }
    buffer = (char *)buffer + got;
    address += (haddr_t)got;
    size -= (size_t)got;
  }
  return 0;
}

/// Whether the library comes to an end of what it has read of a global heap, which is where the parts of a virtual dataset are
/// listed. Free space of no size it would read again and again.
///
/// See "Global Heap" in the HDF5 File Format Specification; lengths are of 8 bytes, and others are not looked at.
static inline int chdf5_heap_ends(const unsigned char *bytes, size_t size) {
  uint64_t collection = 0;
  if (size < 16 || memcmp(bytes, "GCOL\1\0\0\0", 8) != 0) return 1;
  memcpy(&collection, bytes + 8, sizeof collection);
  if (collection > UINT32_MAX) return 1;
  size_t end = collection < size ? (size_t)collection : size;
  for (size_t at = 16; at + 16 <= end;) {
    uint16_t index = 0;
    uint64_t length = 0;
    memcpy(&index, bytes + at, sizeof index);
    memcpy(&length, bytes + at + 8, sizeof length);
    if (index == 0 && length == 0) return 0;
    if (length > end) return 1;
    at += index == 0 ? (size_t)length : 16 + ((size_t)length + 7) / 8 * 8;
  }
  return 1;
}

static herr_t chdf5_disk_write(
    H5FD_t *file, H5FD_mem_t type, hid_t transfer, haddr_t address, size_t size, const void *buffer) {
  (void)file, (void)type, (void)transfer, (void)address, (void)size, (void)buffer;
  return -1;
}

/// Opens a file with a registered driver, and what that is to be told.
static inline hid_t chdf5_open_with_driver(const char *path, unsigned flags, hid_t driver, const void *information) {
  hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  hid_t file = H5I_INVALID_HID;
  if (access >= 0 && H5Pset_driver(access, driver, information) >= 0) file = H5Fopen(path, flags, access);
  if (access >= 0) chdf5_close_properties(access);
  return file;
}

#endif
