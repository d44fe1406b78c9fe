// A file driver for new files, whose reading and writing is done by the caller's functions.
//
// The library's own drivers tell of a failed write to whoever happens to cause it. That may be the closing of a dataset,
// after which the library goes on, or of a file, which it then leaves half closed. With this driver no write fails as far
// as the library knows. The functions remember what did, and the file counts for nothing.
//
// They also see all that is written. For that there is no sieve buffer, which would write raw data once more together
// with its neighbours.
//
// The library does not lock the file. It would release its lock by closing the file, which a child process that was
// started meanwhile keeps open, and so locked, until it runs its own program. For that time the process that has just
// written the file could not open it.

#ifndef CHDF5_RECORDER_H
#define CHDF5_RECORDER_H

#include "Driver.h"

/// Where a new file's bytes go.
struct chdf5_storage {
  void *context;
  /// Called when a file is opened, and when it is closed: the context must live as long.
  void (*retain)(void *context);
  void (*release)(void *context);
  /// Fills a buffer, with zeros beyond the end of the file; 0, or a negative number for failure.
  int (*read)(void *context, uint64_t offset, void *buffer, size_t size);
  void (*write)(void *context, uint64_t offset, const void *bytes, size_t size);
  void (*resize)(void *context, uint64_t size);
};

/// An open file of the driver.
struct chdf5_recorder_file {
  struct chdf5_driver_file driver;
  struct chdf5_storage storage;
};

static H5FD_t *chdf5_recorder_open(const char *name, unsigned flags, hid_t access, haddr_t most) {
  (void)name;
  (void)flags;
  (void)most;
  const struct chdf5_storage *storage = (const struct chdf5_storage *)H5Pget_driver_info(access);
  if (storage == NULL) return NULL;
  struct chdf5_recorder_file *file = (struct chdf5_recorder_file *)calloc(1, sizeof *file);
  if (file == NULL) return NULL;
  file->storage = *storage;
  storage->retain(storage->context);
  return &file->driver.common;
}

static herr_t chdf5_recorder_close(H5FD_t *common) {
  struct chdf5_recorder_file *file = (struct chdf5_recorder_file *)common;
  file->storage.release(file->storage.context);
  free(file);
  return 0;
}

static int chdf5_recorder_compare(const H5FD_t *a, const H5FD_t *b) {
  const struct chdf5_recorder_file *first = (const struct chdf5_recorder_file *)a;
  const struct chdf5_recorder_file *second = (const struct chdf5_recorder_file *)b;
  if (first->storage.context == second->storage.context) return 0;
  return (const char *)first->storage.context < (const char *)second->storage.context ? -1 : 1;
}

/// The library places data as for its own driver for files.
static herr_t chdf5_recorder_query(const H5FD_t *file, unsigned long *flags) {
  (void)file;
  *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_AGGREGATE_SMALLDATA;
  return 0;
}

static herr_t chdf5_recorder_read(
    H5FD_t *common, H5FD_mem_t type, hid_t transfer, haddr_t address, size_t size, void *buffer) {
  (void)type;
  (void)transfer;
  struct chdf5_recorder_file *file = (struct chdf5_recorder_file *)common;
  return file->storage.read(file->storage.context, address, buffer, size);
}

static herr_t chdf5_recorder_write(
    H5FD_t *common, H5FD_mem_t type, hid_t transfer, haddr_t address, size_t size, const void *buffer) {
  (void)type;
  (void)transfer;
  struct chdf5_recorder_file *file = (struct chdf5_recorder_file *)common;
  file->storage.write(file->storage.context, address, buffer, size);
  if (address + size > file->driver.end_of_file) file->driver.end_of_file = address + size;
  return 0;
}

static herr_t chdf5_recorder_truncate(H5FD_t *common, hid_t transfer, hbool_t closing) {
  (void)transfer;
  (void)closing;
  struct chdf5_recorder_file *file = (struct chdf5_recorder_file *)common;
  struct chdf5_driver_file *driver = &file->driver;
  if (driver->end_of_allocation != driver->end_of_file) {
    file->storage.resize(file->storage.context, driver->end_of_allocation);
    driver->end_of_file = driver->end_of_allocation;
  }
  return 0;
}

/// Registers the driver; a negative number if that fails.
static inline hid_t chdf5_register_recorder(void) {
  static const H5FD_class_t driver = {
#if H5_VERSION_GE(1, 14, 0)
      .version = H5FD_CLASS_VERSION,
      .value = (H5FD_class_value_t)(H5FD_CLASS_VALUE_MAX_RESERVED + 2),
#endif
      .name = "recorder",
      .maxaddr = (haddr_t)INT64_MAX,
      // Datasets that are still open are closed with the file.
      .fc_degree = H5F_CLOSE_STRONG,
      .fapl_size = sizeof(struct chdf5_storage),
      .open = chdf5_recorder_open,
      .close = chdf5_recorder_close,
      .cmp = chdf5_recorder_compare,
      .query = chdf5_recorder_query,
      .get_eoa = chdf5_driver_end_of_allocation,
      .set_eoa = chdf5_driver_set_end_of_allocation,
      .get_eof = chdf5_driver_end_of_file,
      .read = chdf5_recorder_read,
      .write = chdf5_recorder_write,
      .truncate = chdf5_recorder_truncate,
      .fl_map = H5FD_FLMAP_DICHOTOMY,
  };
  return H5FDregister(&driver);
}

/// Creates a file in storage that is empty, with the registered driver.
static inline hid_t chdf5_create_with_recorder(const char *path, hid_t driver, const struct chdf5_storage *storage) {
  hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  hid_t file = H5I_INVALID_HID;
  if (access >= 0 && H5Pset_driver(access, driver, storage) >= 0) {
    file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, access);
  }
  if (access >= 0) chdf5_close_properties(access);
  return file;
}

#endif
