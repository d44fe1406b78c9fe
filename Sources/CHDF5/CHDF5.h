// The HDF5 C library, and small functions for those of its macros that Swift can't import.
// Names that differ between versions of the library are chosen here, so that Swift code knows one of each.

#ifndef CHDF5_H
#define CHDF5_H

#include <hdf5.h>

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

/// Opens a family of files, whose name has a %d in it.
static inline hid_t chdf5_open_family(const char *path) {
  hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  hid_t file = H5I_INVALID_HID;
  if (access >= 0 && H5Pset_fapl_family(access, H5F_FAMILY_DEFAULT, H5P_DEFAULT) >= 0) {
    file = H5Fopen(path, H5F_ACC_RDONLY, access);
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

/// Receives the name of each dataset, relative to the group where the visit began.
typedef void (*chdf5_dataset_visitor)(const char *name, void *context);

struct chdf5_visit {
  chdf5_dataset_visitor visitor;
  void *context;
};

#if H5_VERSION_GE(1, 12, 0)
typedef H5O_info2_t chdf5_object_info;
#else
typedef H5O_info_t chdf5_object_info;
#endif

static inline herr_t chdf5_visit_object(hid_t group, const char *name, const chdf5_object_info *info, void *data) {
  (void)group;
  const struct chdf5_visit *visit = (const struct chdf5_visit *)data;
  if (info->type == H5O_TYPE_DATASET) visit->visitor(name, visit->context);
  return 0;
}

/// Visits every dataset at or below `group` once, groups in order of their members' names.
static inline herr_t chdf5_visit_datasets(hid_t group, chdf5_dataset_visitor visitor, void *context) {
  struct chdf5_visit visit = {visitor, context};
#if H5_VERSION_GE(1, 12, 0)
  return H5Ovisit3(group, H5_INDEX_NAME, H5_ITER_INC, chdf5_visit_object, &visit, H5O_INFO_BASIC);
#else
  return H5Ovisit2(group, H5_INDEX_NAME, H5_ITER_INC, chdf5_visit_object, &visit, H5O_INFO_BASIC);
#endif
}

/// The little-endian type in files, and this machine's in memory, of a kind of number.
enum chdf5_number {
  CHDF5_FLOAT32, CHDF5_FLOAT64, CHDF5_UINT16, CHDF5_UINT32, CHDF5_UINT64, CHDF5_INT32, CHDF5_INT64
};

static inline hid_t chdf5_file_type(enum chdf5_number number) {
  switch (number) {
    case CHDF5_FLOAT32: return H5T_IEEE_F32LE;
    case CHDF5_FLOAT64: return H5T_IEEE_F64LE;
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
