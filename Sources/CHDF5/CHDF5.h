// The HDF5 C library, and small functions for those of its macros that Swift can't import.
// Names that differ between versions of the library are chosen here, so that Swift code knows one of each.

#ifndef CHDF5_H
#define CHDF5_H

#include <hdf5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if !H5_VERSION_GE(1, 10, 5)
#error "HDF5 1.10.5 or newer is needed"
#endif

// Constants that hide a cast.
static const hid_t CHDF5_DEFAULT_PROPERTIES = H5P_DEFAULT;
static const hid_t CHDF5_DEFAULT_ERROR_STACK = H5E_DEFAULT;
static const hid_t CHDF5_WHOLE_DATASPACE = H5S_ALL;
static const hsize_t CHDF5_UNLIMITED = H5S_UNLIMITED;

/// Keeps the library from printing its error stack, in the calling thread.
static inline herr_t chdf5_silence(void) { return H5Eset_auto2(H5E_DEFAULT, NULL, NULL); }

/// Closes the properties of a call, whose errors stay on the stack: any call of the library takes them away.
static inline void chdf5_close_properties(hid_t properties) {
  hid_t errors = H5Eget_current_stack();
  H5Pclose(properties);
  if (errors >= 0) H5Eset_current_stack(errors);
}

/// Whether a file begins like an HDF5 file: positive yes, 0 no, negative if it can't be read.
static inline htri_t chdf5_is_hdf5(const char *path) {
#if H5_VERSION_GE(1, 12, 0)
  return H5Fis_accessible(path, H5P_DEFAULT);
#else
  return H5Fis_hdf5(path);
#endif
}

/// Whether a file is open for reading beside a writer in SWMR mode. Who opens it once more has it open like that, too.
static inline int chdf5_is_beside_writer(hid_t file) {
  unsigned intent = 0;
  return H5Fget_intent(file, &intent) >= 0 && (intent & H5F_ACC_SWMR_READ) != 0;
}

/// Reads the bytes of a chunk as they are stored.
static inline herr_t chdf5_read_chunk(
    hid_t dataset, const hsize_t *offset, uint32_t *skipped_filters, void *buffer, size_t size) {
#if H5_VERSION_GE(2, 0, 0)
  return H5Dread_chunk2(dataset, H5P_DEFAULT, offset, skipped_filters, buffer, &size);
#else
  (void)size;
  return H5Dread_chunk(dataset, H5P_DEFAULT, offset, skipped_filters, buffer);
#endif
}

static inline hid_t chdf5_dataset_access(void) { return H5P_DATASET_ACCESS; }
static inline hid_t chdf5_byte_type(void) { return H5T_NATIVE_UINT8; }

/// Registers a filter that has neither parameters nor conditions.
static inline herr_t chdf5_register_filter(H5Z_filter_t id, H5Z_func_t filter) {
  H5Z_class2_t description = {H5Z_CLASS_T_VERS, id, 1, 1, "logitree", NULL, NULL, filter};
  return H5Zregister(&description);
}

/// Opens the bytes of a file, which stay in memory alone; with no bytes, creates one, in the format that all versions of
/// the library read.
///
/// Each file has a name of its own, by which the library tells them apart.
static inline hid_t chdf5_open_in_memory(void *bytes, size_t count) {
  static unsigned long number = 0;
  char name[32];
  snprintf(name, sizeof name, "memory-%lu", ++number);
  hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  hid_t file = H5I_INVALID_HID;
  if (access >= 0 && H5Pset_fapl_core(access, 1 << 16, 0) >= 0 &&
      H5Pset_libver_bounds(access, H5F_LIBVER_EARLIEST, H5F_LIBVER_LATEST) >= 0) {
    if (bytes == NULL) {
      file = H5Fcreate(name, H5F_ACC_TRUNC, H5P_DEFAULT, access);
    } else if (H5Pset_file_image(access, bytes, count) >= 0) {
      file = H5Fopen(name, H5F_ACC_RDWR, access);
    }
  }
  if (access >= 0) chdf5_close_properties(access);
  return file;
}

/// Frees what the library allocated for the variable-length elements in `buffer`.
static inline herr_t chdf5_reclaim(hid_t type, hid_t space, void *buffer) {
#if H5_VERSION_GE(1, 12, 0)
  return H5Treclaim(type, space, H5P_DEFAULT, buffer);
#else
  return H5Dvlen_reclaim(type, space, H5P_DEFAULT, buffer);
#endif
}

/// Receives the name of each link of a group, and whether it is a hard link: an object of the same file.
typedef void (*chdf5_link_visitor)(const char *name, int is_hard, void *context);

struct chdf5_visit {
  chdf5_link_visitor visitor;
  void *context;
};

#if H5_VERSION_GE(1, 12, 0)
typedef H5L_info2_t chdf5_link_info;
#else
typedef H5L_info_t chdf5_link_info;
#endif

static inline herr_t chdf5_visit_link(hid_t group, const char *name, const chdf5_link_info *info, void *data) {
  (void)group;
  const struct chdf5_visit *visit = (const struct chdf5_visit *)data;
  visit->visitor(name, info->type == H5L_TYPE_HARD, visit->context);
  return 0;
}

/// Visits the links of a group, in order of their names.
static inline herr_t chdf5_visit_links(hid_t group, chdf5_link_visitor visitor, void *context) {
  struct chdf5_visit visit = {visitor, context};
#if H5_VERSION_GE(1, 12, 0)
  return H5Literate2(group, H5_INDEX_NAME, H5_ITER_INC, NULL, chdf5_visit_link, &visit);
#else
  return H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, NULL, chdf5_visit_link, &visit);
#endif
}

/// The type of an object, and its address in its file.
static inline herr_t chdf5_look_up(hid_t location, const char *name, H5O_type_t *type, uint64_t *address) {
#if H5_VERSION_GE(1, 12, 0)
  H5O_info2_t info;
  herr_t status = H5Oget_info_by_name3(location, name, &info, H5O_INFO_BASIC, H5P_DEFAULT);
  // A token of the library's own file format is the address.
  memcpy(address, &info.token, sizeof *address);
#else
  H5O_info_t info;
  herr_t status = H5Oget_info_by_name2(location, name, &info, H5O_INFO_BASIC, H5P_DEFAULT);
  *address = info.addr;
#endif
  *type = info.type;
  return status;
}

/// Where a soft link (then `file` becomes empty) or an external one leads.
static inline herr_t chdf5_link_target(hid_t location, const char *path, char *file, char *object, size_t size) {
  chdf5_link_info info;
#if H5_VERSION_GE(1, 12, 0)
  herr_t status = H5Lget_info2(location, path, &info, H5P_DEFAULT);
#else
  herr_t status = H5Lget_info(location, path, &info, H5P_DEFAULT);
#endif
  *file = 0;
  if (status < 0 || info.u.val_size > size) return -1;
  if (info.type == H5L_TYPE_SOFT) return H5Lget_val(location, path, object, size, H5P_DEFAULT);
  if (info.type != H5L_TYPE_EXTERNAL) return -1;
  char *value = (char *)calloc(1, info.u.val_size + 1);
  const char *target_file = NULL, *target = NULL;
  status = value == NULL ? -1 : H5Lget_val(location, path, value, info.u.val_size, H5P_DEFAULT);
  if (status >= 0) status = H5Lunpack_elink_val(value, info.u.val_size, NULL, &target_file, &target);
  if (status >= 0) {
    strncpy(file, target_file, size - 1);
    strncpy(object, target, size - 1);
  }
  free(value);
  return status;
}

/// The little-endian type in files, and this machine's in memory, of a kind of number.
enum chdf5_number {
  CHDF5_FLOAT32, CHDF5_FLOAT64, CHDF5_UINT8, CHDF5_UINT16, CHDF5_UINT32, CHDF5_UINT64, CHDF5_INT32, CHDF5_INT64
};

static inline hid_t chdf5_file_type(enum chdf5_number number) {
  switch (number) {
    case CHDF5_FLOAT32: return H5T_IEEE_F32LE;
    case CHDF5_FLOAT64: return H5T_IEEE_F64LE;
    case CHDF5_UINT8: return H5T_STD_U8LE;
    case CHDF5_UINT16: return H5T_STD_U16LE;
    case CHDF5_UINT32: return H5T_STD_U32LE;
    case CHDF5_UINT64: return H5T_STD_U64LE;
    case CHDF5_INT32: return H5T_STD_I32LE;
    case CHDF5_INT64: return H5T_STD_I64LE;
  }
  return H5I_INVALID_HID;
}

static inline hid_t chdf5_memory_type(enum chdf5_number number) {
  switch (number) {
    case CHDF5_FLOAT32: return H5T_NATIVE_FLOAT;
    case CHDF5_FLOAT64: return H5T_NATIVE_DOUBLE;
    case CHDF5_UINT8: return H5T_NATIVE_UINT8;
    case CHDF5_UINT16: return H5T_NATIVE_UINT16;
    case CHDF5_UINT32: return H5T_NATIVE_UINT32;
    case CHDF5_UINT64: return H5T_NATIVE_UINT64;
    case CHDF5_INT32: return H5T_NATIVE_INT32;
    case CHDF5_INT64: return H5T_NATIVE_INT64;
  }
  return H5I_INVALID_HID;
}

/// Text of any length, in UTF-8.
static inline hid_t chdf5_text_type(void) {
  hid_t type = H5Tcopy(H5T_C_S1);
  if (type < 0) return H5I_INVALID_HID;
  if (H5Tset_size(type, H5T_VARIABLE) >= 0 && H5Tset_cset(type, H5T_CSET_UTF8) >= 0) return type;
  H5Tclose(type);
  return H5I_INVALID_HID;
}

/// The properties of a dataset that is to be created. No times are kept: equal content gives equal bytes.
static inline hid_t chdf5_dataset_properties(void) {
  hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
  if (properties >= 0) H5Pset_obj_track_times(properties, 0);
  return properties;
}

/// The properties of a link that is to be created. Missing groups on the way to it are created too.
static inline hid_t chdf5_link_properties(void) {
  hid_t properties = H5Pcreate(H5P_LINK_CREATE);
  if (properties >= 0) H5Pset_create_intermediate_group(properties, 1);
  return properties;
}

#endif
