// A file driver for files that are read. It reads as the library's own does, and tells of each call that fails.
//
// The library keeps to itself that it can't open or read a file that a virtual dataset takes rows from: it takes fill
// values in their place. It opens such files, and those that links lead to, with the driver of the file it came from.
//
// H5Dread_chunk reads a chunk without filters with the size that the index has, however large the buffer is. To ask for that
// size takes time that grows with the number of chunks. So there can be a limit to what is read instead.

#ifndef CHDF5_READER_H
#define CHDF5_READER_H

#include "Driver.h"
#include <fcntl.h>
#include <sys/file.h>

/// How many bytes of raw data may be read yet, and whether it should have been more.
struct chdf5_limit {
  size_t left;
  int is_exceeded;
};

/// Who is told of calls that fail, and what limits reading. That a file is not there is no failure: the library looks for
/// files in several places.
struct chdf5_reading {
  void (*failed)(const char *path, int code);
  struct chdf5_limit *limit;
};

/// An open file of the driver.
struct chdf5_reader_file {
  struct chdf5_disk_file disk;
  struct chdf5_reading reading;
  char *path;
};

/// Opens a regular file; -1 if that fails, or if it is something else. None is waited for.
static inline int chdf5_reader_descriptor(const char *name, struct stat *status) {
  int descriptor;
  do {
    descriptor = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  } while (descriptor < 0 && errno == EINTR);
  if (descriptor < 0) return -1;
  int code = 0;
  if (fstat(descriptor, status) < 0) {
    code = errno;
  } else if (!S_ISREG(status->st_mode)) {
    // Nothing can be looked up in a pipe or a device.
    code = S_ISDIR(status->st_mode) ? EISDIR : ESPIPE;
  }
  if (code == 0) return descriptor;
  close(descriptor);
  errno = code;
  return -1;
}

static H5FD_t *chdf5_reader_open(const char *name, unsigned flags, hid_t access, haddr_t most) {
  (void)most;
  if (chdf5_disk_refuses(flags)) return NULL;
  const struct chdf5_reading *reading = (const struct chdf5_reading *)H5Pget_driver_info(access);
  struct chdf5_reader_file *file = (struct chdf5_reader_file *)calloc(1, sizeof *file);
  if (reading == NULL || file == NULL) {
    free(file);
    return NULL;
  }
  struct stat status;
  file->reading = *reading;
  file->path = strdup(name);
  int descriptor = chdf5_reader_descriptor(name, &status);
  if (file->path == NULL || descriptor < 0) {
    int code = errno;
    if (code != ENOENT && code != ENOTDIR && code != ENAMETOOLONG && code != ELOOP) reading->failed(name, code);
    errno = code;
    chdf5_driver_fail("unable to open file", H5E_CANTOPENFILE);
    if (descriptor >= 0) close(descriptor);
    free(file->path);
    free(file);
    return NULL;
  }
  chdf5_disk_begin(&file->disk, descriptor, &status);
  return &file->disk.driver.common;
}

/// What files that this one leads to are opened with. The library frees it.
static void *chdf5_reader_properties(H5FD_t *common) {
  struct chdf5_reading *reading = (struct chdf5_reading *)malloc(sizeof *reading);
  if (reading != NULL) *reading = ((struct chdf5_reader_file *)common)->reading;
  return reading;
}

static herr_t chdf5_reader_close(H5FD_t *common) {
  struct chdf5_reader_file *file = (struct chdf5_reader_file *)common;
  // Closing alone would not unlock: a process that was started meanwhile has the file open too, until it runs its own program.
  flock(file->disk.descriptor, LOCK_UN);
  close(file->disk.descriptor);
  free(file->path);
  free(file);
  return 0;
}

static herr_t chdf5_reader_query(const H5FD_t *file, unsigned long *flags) {
  (void)file;
  *flags = H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE | H5FD_FEAT_SUPPORTS_SWMR_IO |
           H5FD_FEAT_POSIX_COMPAT_HANDLE;
  return 0;
}

/// The library follows a symbolic link to a file only if it can see that it leads to what was opened. Sources of virtual
/// datasets and targets of links are looked for beside the file itself.
static herr_t chdf5_reader_handle(H5FD_t *common, hid_t access, void **handle) {
  (void)access;
  *handle = &((struct chdf5_disk_file *)common)->descriptor;
  return 0;
}

static herr_t chdf5_reader_read(
    H5FD_t *common, H5FD_mem_t type, hid_t transfer, haddr_t address, size_t size, void *buffer) {
  (void)transfer;
  struct chdf5_reader_file *file = (struct chdf5_reader_file *)common;
  struct chdf5_limit *limit = file->reading.limit;
  if (type == H5FD_MEM_DRAW && limit->left != SIZE_MAX) {
    if (size > limit->left) {
      limit->is_exceeded = 1;
      errno = EOVERFLOW;
      chdf5_driver_fail("more is to be read than there is room for", H5E_READERROR);
      return -1;
    }
    limit->left -= size;
  }
  if (chdf5_disk_read(&file->disk, address, size, buffer) == 0) {
    // The library reads global heaps as it reads raw data.
    if (type != H5FD_MEM_DRAW || chdf5_heap_ends((const unsigned char *)buffer, size)) return 0;
    H5Epush2(
        H5E_DEFAULT, __FILE__, __func__, __LINE__, H5E_ERR_CLS, H5E_HEAP, H5E_BADVALUE,
        "the file is damaged: a global heap has free space of no size");
    return -1;
  }
  file->reading.failed(file->path, errno);
  chdf5_driver_fail("file read failed", H5E_READERROR);
  return -1;
}

static herr_t chdf5_reader_lock(H5FD_t *common, hbool_t exclusive) {
  if (flock(((struct chdf5_disk_file *)common)->descriptor, (exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0 || errno == ENOSYS) return 0;
  chdf5_driver_fail("unable to lock file", H5E_BADFILE);
  return -1;
}

static herr_t chdf5_reader_unlock(H5FD_t *common) {
  flock(((struct chdf5_disk_file *)common)->descriptor, LOCK_UN);
  return 0;
}

/// Registers the driver; a negative number if that fails.
static inline hid_t chdf5_register_reader(void) {
  static const H5FD_class_t driver = {
#if H5_VERSION_GE(1, 14, 0)
      .version = H5FD_CLASS_VERSION,
      .value = (H5FD_class_value_t)(H5FD_CLASS_VALUE_MAX_RESERVED + 3),
#endif
      .name = "reader",
      .maxaddr = (haddr_t)INT64_MAX,
      .fc_degree = H5F_CLOSE_WEAK,
      .fapl_size = sizeof(struct chdf5_reading),
      .fapl_get = chdf5_reader_properties,
      .open = chdf5_reader_open,
      .close = chdf5_reader_close,
      .cmp = chdf5_disk_compare,
      .query = chdf5_reader_query,
      .get_eoa = chdf5_driver_end_of_allocation,
      .set_eoa = chdf5_driver_set_end_of_allocation,
      .get_eof = chdf5_driver_end_of_file,
      .get_handle = chdf5_reader_handle,
      .read = chdf5_reader_read,
      .write = chdf5_disk_write,
      .lock = chdf5_reader_lock,
      .unlock = chdf5_reader_unlock,
      .fl_map = H5FD_FLMAP_DICHOTOMY,
  };
  return H5FDregister(&driver);
}

/// Opens a file for reading with the registered driver, or one that another process is writing in SWMR mode (single writer,
/// multiple readers).
static inline hid_t chdf5_open_with_reader(
    const char *path, hid_t driver, const struct chdf5_reading *reading, int beside_writer) {
  unsigned flags = beside_writer ? H5F_ACC_RDONLY | H5F_ACC_SWMR_READ : H5F_ACC_RDONLY;
  return chdf5_open_with_driver(path, flags, driver, reading);
}

/// Opens a family of files, whose name has a %d in it, each for reading with the registered driver.
static inline hid_t chdf5_open_family_with_reader(const char *path, hid_t driver, const struct chdf5_reading *reading) {
  hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  hid_t members = H5Pcreate(H5P_FILE_ACCESS);
  hid_t file = H5I_INVALID_HID;
  if (access >= 0 && members >= 0 && H5Pset_driver(members, driver, reading) >= 0 &&
      H5Pset_fapl_family(access, H5F_FAMILY_DEFAULT, members) >= 0) {
    file = H5Fopen(path, H5F_ACC_RDONLY, access);
  }
  if (members >= 0) chdf5_close_properties(members);
  if (access >= 0) chdf5_close_properties(access);
  return file;
}

#endif
