// A file driver that tells where raw data lies instead of reading it.
//
// H5Dget_chunk_info_by_coord tells where a chunk lies, but goes through all chunks until it meets the one that is asked
// for. Asking for each chunk takes time quadratic in their number. H5Dread_chunk, which reads a chunk as it is stored,
// finds it through the index. So chunks are "read" with this driver below: it reads metadata as usual, and of raw data
// only notes the location. This works for all kinds of chunk index, includes the user block in the address, and needs
// nothing but the library's public interface.

#ifndef CHDF5_LOCATOR_H
#define CHDF5_LOCATOR_H

#include "Driver.h"
#include <fcntl.h>

/// An open file of the driver.
struct chdf5_locator_file {
  struct chdf5_disk_file disk;
  /// The last stretch of raw data that was asked for, and how many stretches there were.
  haddr_t address;
  size_t size;
  unsigned long count;
};

static H5FD_t *chdf5_locator_open(const char *name, unsigned flags, hid_t access, haddr_t most) {
  (void)access;
  (void)most;
  if (chdf5_disk_refuses(flags)) return NULL;
  struct chdf5_locator_file *file = (struct chdf5_locator_file *)calloc(1, sizeof *file);
  if (file == NULL) return NULL;
  struct stat status;
  int descriptor = open(name, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0 || fstat(descriptor, &status) < 0) {
    chdf5_driver_fail("unable to open file", H5E_CANTOPENFILE);
    if (descriptor >= 0) close(descriptor);
    free(file);
    return NULL;
  }
  chdf5_disk_begin(&file->disk, descriptor, &status);
  return &file->disk.driver.common;
}

static herr_t chdf5_locator_close(H5FD_t *common) {
  close(((struct chdf5_disk_file *)common)->descriptor);
  free(common);
  return 0;
}

static herr_t chdf5_locator_query(const H5FD_t *file, unsigned long *flags) {
  (void)file;
  *flags = H5FD_FEAT_ACCUMULATE_METADATA_READ;
  return 0;
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
  if (chdf5_disk_read(&file->disk, address, size, buffer) == 0) return 0;
  chdf5_driver_fail("file read failed", H5E_READERROR);
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
      .cmp = chdf5_disk_compare,
      .query = chdf5_locator_query,
      .get_eoa = chdf5_driver_end_of_allocation,
      .set_eoa = chdf5_driver_set_end_of_allocation,
      .get_eof = chdf5_driver_end_of_file,
      .get_handle = chdf5_locator_handle,
      .read = chdf5_locator_read,
      .write = chdf5_disk_write,
      .fl_map = H5FD_FLMAP_DICHOTOMY,
  };
  return H5FDregister(&driver);
}

/// Opens a file with the registered driver.
static inline hid_t chdf5_open_with_locator(const char *path, hid_t driver) {
  return chdf5_open_with_driver(path, H5F_ACC_RDONLY, driver, NULL);
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
