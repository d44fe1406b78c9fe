// A file driver that tells where raw data lies instead of reading it.
//
// H5Dget_chunk_info_by_coord tells where a chunk lies, but goes through all chunks until it meets the one that is asked
// for. Asking for each chunk takes time quadratic in their number. H5Dread_chunk, which reads a chunk as it is stored,
// finds it through the index. So chunks are "read" with this driver below: it reads metadata as usual, and of raw data
// only notes the location. This works for all kinds of chunk index, includes the user block in the address, and needs
// nothing but the library's public interface.

#ifndef CHDF5_LOCATOR_H
#define CHDF5_LOCATOR_H

#include <errno.h>
#include <fcntl.h>
#include "CHDF5.h"
#include <hdf5.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/// An open file of the driver, which begins with what the library keeps of every file.
struct chdf5_locator_file {
  H5FD_t common;
  int descriptor;
  haddr_t end_of_allocation;
  haddr_t end_of_file;
  dev_t device;
  ino_t inode;
  /// The last stretch of raw data that was asked for, and how many stretches there were.
  haddr_t address;
  size_t size;
  unsigned long count;
};

/// Puts the failure of a system call on the library's error stack, as its own drivers do.
static inline void chdf5_locator_fail(const char *action, hid_t code) {
  int error = errno;
  H5Epush2(
      H5E_DEFAULT, __FILE__, __func__, __LINE__, H5E_ERR_CLS, H5E_VFL, code, "%s: errno = %d, error message = '%s'", action,
      error, strerror(error));
}

static H5FD_t *chdf5_locator_open(const char *name, unsigned flags, hid_t access, haddr_t most) {
  (void)access;
  (void)most;
  if (flags & (H5F_ACC_RDWR | H5F_ACC_CREAT | H5F_ACC_TRUNC)) return NULL;
  struct chdf5_locator_file *file = (struct chdf5_locator_file *)calloc(1, sizeof *file);
  if (file == NULL) return NULL;
  struct stat status;
  file->descriptor = open(name, O_RDONLY | O_CLOEXEC);
  if (file->descriptor < 0 || fstat(file->descriptor, &status) < 0) {
    chdf5_locator_fail("unable to open file", H5E_CANTOPENFILE);
    if (file->descriptor >= 0) close(file->descriptor);
    free(file);
    return NULL;
  }
  file->end_of_file = (haddr_t)status.st_size;
  file->device = status.st_dev;
  file->inode = status.st_ino;
  return &file->common;
}

static herr_t chdf5_locator_close(H5FD_t *common) {
  close(((struct chdf5_locator_file *)common)->descriptor);
  free(common);
  return 0;
}

/// Orders files; two are equal if they are the same file on the disk.
static int chdf5_locator_compare(const H5FD_t *a, const H5FD_t *b) {
  const struct chdf5_locator_file *first = (const struct chdf5_locator_file *)a;
  const struct chdf5_locator_file *second = (const struct chdf5_locator_file *)b;
  if (first->device != second->device) return first->device < second->device ? -1 : 1;
  if (first->inode != second->inode) return first->inode < second->inode ? -1 : 1;
  return 0;
}

static herr_t chdf5_locator_query(const H5FD_t *file, unsigned long *flags) {
  (void)file;
  *flags = H5FD_FEAT_ACCUMULATE_METADATA_READ;
  return 0;
}

static haddr_t chdf5_locator_end_of_allocation(const H5FD_t *file, H5FD_mem_t type) {
  (void)type;
  return ((const struct chdf5_locator_file *)file)->end_of_allocation;
}

static herr_t chdf5_locator_set_end_of_allocation(H5FD_t *file, H5FD_mem_t type, haddr_t address) {
  (void)type;
  ((struct chdf5_locator_file *)file)->end_of_allocation = address;
  return 0;
}

static haddr_t chdf5_locator_end_of_file(const H5FD_t *file, H5FD_mem_t type) {
  (void)type;
  return ((const struct chdf5_locator_file *)file)->end_of_file;
}

static herr_t chdf5_locator_handle(H5FD_t *file, hid_t access, void **handle) {
  (void)access;
  *handle = file;
  return 0;
}

static herr_t chdf5_locator_read(
    H5FD_t *common, H5FD_mem_t type, hid_t transfer, haddr_t address, size_t size, void *buffer) {
  (void)transfer;
  struct chdf5_locator_file *file = (struct chdf5_locator_file *)common;
  if (type == H5FD_MEM_DRAW) {
    file->address = address;
    file->size = size;
    file->count++;
    return 0;
  }
  while (size > 0) {
    ssize_t got = pread(file->descriptor, buffer, size, (off_t)address);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      chdf5_locator_fail("file read failed", H5E_READERROR);
      return -1;
    }
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

static herr_t chdf5_locator_write(
    H5FD_t *file, H5FD_mem_t type, hid_t transfer, haddr_t address, size_t size, const void *buffer) {
  (void)file, (void)type, (void)transfer, (void)address, (void)size, (void)buffer;
  return -1;
}

/// Registers the driver; a negative number if that fails.
static inline hid_t chdf5_register_locator(void) {
  static const H5FD_class_t driver = {
#if H5_VERSION_GE(1, 14, 0)
      .version = H5FD_CLASS_VERSION,
      .value = (H5FD_class_value_t)(H5FD_CLASS_VALUE_MAX_RESERVED + 1),
#endif
      .name = "locator",
      .maxaddr = (haddr_t)INT64_MAX,
      .fc_degree = H5F_CLOSE_WEAK,
      .open = chdf5_locator_open,
      .close = chdf5_locator_close,
      .cmp = chdf5_locator_compare,
      .query = chdf5_locator_query,
      .get_eoa = chdf5_locator_end_of_allocation,
      .set_eoa = chdf5_locator_set_end_of_allocation,
      .get_eof = chdf5_locator_end_of_file,
      .get_handle = chdf5_locator_handle,
      .read = chdf5_locator_read,
      .write = chdf5_locator_write,
      .fl_map = H5FD_FLMAP_DICHOTOMY,
  };
  return H5FDregister(&driver);
}

/// Opens a file with the registered driver.
static inline hid_t chdf5_open_with_locator(const char *path, hid_t driver) {
  hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  hid_t file = H5I_INVALID_HID;
  if (access >= 0 && H5Pset_driver(access, driver, NULL) >= 0) file = H5Fopen(path, H5F_ACC_RDONLY, access);
  if (access >= 0) chdf5_close_properties(access);
  return file;
}

/// Finds a chunk of a dataset in a file that was opened with the driver.
///
/// Returns a positive number if the chunk is there, 0 if it was never written, and a negative number for failure.
static inline int chdf5_locate_chunk(
    hid_t file, hid_t dataset, const hsize_t *offset, haddr_t *address, hsize_t *size, uint32_t *skipped_filters) {
  if (H5Dget_chunk_storage_size(dataset, offset, size) < 0) return -1;
  if (*size == 0) return 0;
  void *handle = NULL;
  if (H5Fget_vfd_handle(file, H5P_DEFAULT, &handle) < 0 || handle == NULL) return -1;
  struct chdf5_locator_file *locator = (struct chdf5_locator_file *)handle;
  unsigned long before = locator->count;
  char nothing = 0;  // Nothing is read into it.
#if H5_VERSION_GE(2, 0, 0)
  size_t capacity = (size_t)*size;
  herr_t status = H5Dread_chunk2(dataset, H5P_DEFAULT, offset, skipped_filters, &nothing, &capacity);
#else
  herr_t status = H5Dread_chunk(dataset, H5P_DEFAULT, offset, skipped_filters, &nothing);
#endif
  if (status < 0 || locator->count != before + 1) return -1;
  // Without filters the library says above how many bytes there should be, and reads how many there are.
  *size = locator->size;
  *address = locator->address;
  return 1;
}

#endif
