#include "common/io/hdf5.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <mutex>
#include <type_traits>

#include <hdf5.h>

#include "common/core/error.h"

namespace parlando {
namespace {

static_assert(std::is_same_v<hid_t, std::int64_t> && std::is_same_v<herr_t, int>);

constexpr std::size_t kCoreIncrement = std::size_t{1} << 18;  // bytes that the image grows by
constexpr std::size_t kColumnChunk = 4096;                    // values a chunk of a column
constexpr hsize_t kSumBytes = 4;                              // of fletcher32, behind a chunk

/// HDF5 keeps process-wide state, and not every build of it locks that itself.
std::recursive_mutex& library_mutex() {
  static std::recursive_mutex mutex;
  return mutex;
}

/// Holds the library; its own printing of errors to stderr is off meanwhile (a setting of the
/// thread).
class LibraryGuard {
 public:
  LibraryGuard() : lock_(library_mutex()) {
    H5open();
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    H5Eclear2(H5E_DEFAULT);
  }

 private:
  std::lock_guard<std::recursive_mutex> lock_;
};

herr_t keep_innermost(unsigned index, const H5E_error2_t* error, void* target) {
  if (index == 0 && error->desc != nullptr) *static_cast<std::string*>(target) = error->desc;
  return 0;
}

[[noreturn]] void fail_hdf5(const std::string& name, const std::string& action) {
  std::string reason = "no reason given";
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_innermost, &reason);
  fail(ErrorKind::artefact, "{}: cannot {}: {}", name, action, reason);
}

void check(herr_t status, const std::string& name, const std::string& action) {
  if (status < 0) fail_hdf5(name, action);
}

Hdf5Handle own(hid_t id, Hdf5Handle::Close close, const std::string& name,
               const std::string& action) {
  if (id < 0) fail_hdf5(name, action);
  return {id, close};
}

/// Creates a chunked dataset with fletcher32 and without time stamps.
Hdf5Handle create_dataset(hid_t file, const std::string& name, const std::string& dataset,
                          hid_t type, std::span<const hsize_t> dims,
                          std::span<const hsize_t> chunk) {
  const std::string action = "create '" + dataset + "'";
  const Hdf5Handle properties = own(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, name, action);
  check(H5Pset_obj_track_times(properties.id(), false), name, action);
  check(H5Pset_chunk(properties.id(), static_cast<int>(chunk.size()), chunk.data()), name, action);
  check(H5Pset_fletcher32(properties.id()), name, action);
  const Hdf5Handle space =
      own(H5Screate_simple(static_cast<int>(dims.size()), dims.data(), nullptr), H5Sclose, name,
          action);
  return own(H5Dcreate2(file, dataset.c_str(), type, space.id(), H5P_DEFAULT, properties.id(),
                        H5P_DEFAULT),
             H5Dclose, name, action);
}

/// Rows [first, first + size[0]) of a matrix whose rows have size[1] values.
void write_rows(hid_t set, const std::string& name, hsize_t first,
                const std::array<hsize_t, 2>& size, const float* values) {
  const std::string action = "write features";
  const std::array<hsize_t, 2> start{first, 0};
  const Hdf5Handle memory = own(H5Screate_simple(2, size.data(), nullptr), H5Sclose, name, action);
  const Hdf5Handle space = own(H5Dget_space(set), H5Sclose, name, action);
  check(
      H5Sselect_hyperslab(space.id(), H5S_SELECT_SET, start.data(), nullptr, size.data(), nullptr),
      name, action);
  check(H5Dwrite(set, H5T_IEEE_F32LE, memory.id(), space.id(), H5P_DEFAULT, values), name, action);
}

void write_column(hid_t file, const std::string& name, const std::string& dataset, hid_t type,
                  std::size_t count, const void* values) {
  const std::array<hsize_t, 1> dims{count};
  const std::array<hsize_t, 1> chunk{std::min(count, kColumnChunk)};
  const Hdf5Handle set = create_dataset(file, name, dataset, type, dims, chunk);
  check(H5Dwrite(set.id(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), name,
        "write '" + dataset + "'");
}

/// Has the bytes of a file in memory put into `image` when it is closed, so that they need no copy.
void keep_image_of_closed_file(hid_t access, Hdf5Image& image, const std::string& name) {
  H5FD_file_image_callbacks_t memory{};
  memory.image_malloc = [](std::size_t size, H5FD_file_image_op_t, void*) {
    return std::malloc(size);
  };
  memory.image_realloc = [](void* bytes, std::size_t size, H5FD_file_image_op_t, void*) {
    return std::realloc(bytes, size);
  };
  memory.image_free = [](void* bytes, H5FD_file_image_op_t, void* target) -> herr_t {
    static_cast<Hdf5Image*>(target)->reset(bytes);
    return 0;
  };
  memory.udata_copy = [](void* target) { return target; };
  memory.udata_free = [](void*) -> herr_t { return 0; };
  memory.udata = &image;
  check(H5Pset_file_image_callbacks(access, &memory), name, "create an HDF5 file");
}

Hdf5Handle text_type(std::size_t width, const std::string& name) {
  const std::string action = "make a text type";
  Hdf5Handle type = own(H5Tcopy(H5T_C_S1), H5Tclose, name, action);
  check(H5Tset_size(type.id(), width), name, action);
  check(H5Tset_strpad(type.id(), H5T_STR_NULLPAD), name, action);
  check(H5Tset_cset(type.id(), H5T_CSET_UTF8), name, action);
  return type;
}

Hdf5Handle open_dataset(hid_t file, const std::string& name, const std::string& dataset) {
  return own(H5Dopen2(file, dataset.c_str(), H5P_DEFAULT), H5Dclose, name,
             "open '" + dataset + "'");
}

std::vector<std::size_t> dataset_shape(hid_t set, const std::string& name,
                                       const std::string& action) {
  const Hdf5Handle space = own(H5Dget_space(set), H5Sclose, name, action);
  const int rank = H5Sget_simple_extent_ndims(space.id());
  if (rank < 0) fail_hdf5(name, action);
  std::vector<hsize_t> dims(static_cast<std::size_t>(rank));
  check(H5Sget_simple_extent_dims(space.id(), dims.data(), nullptr), name, action);
  return {dims.begin(), dims.end()};
}

std::size_t column_length(hid_t set, const std::string& name, const std::string& dataset) {
  const std::vector<std::size_t> dims = dataset_shape(set, name, "read '" + dataset + "'");
  if (dims.size() != 1) fail(ErrorKind::artefact, "{}: '{}' is not a column", name, dataset);
  return dims[0];
}

void require_class(hid_t set, H5T_class_t wanted, const std::string& name,
                   const std::string& dataset) {
  const Hdf5Handle type = own(H5Dget_type(set), H5Tclose, name, "read '" + dataset + "'");
  if (H5Tget_class(type.id()) != wanted) {
    fail(ErrorKind::artefact, "{}: '{}' has another type than expected", name, dataset);
  }
}

}  // namespace

Hdf5Handle::~Hdf5Handle() {
  if (id_ < 0) return;
  const LibraryGuard guard;
  close_(id_);
}

Hdf5Handle& Hdf5Handle::operator=(Hdf5Handle&& other) noexcept {
  std::swap(id_, other.id_);
  std::swap(close_, other.close_);
  return *this;
}

Hdf5Writer::Hdf5Writer(std::string name) : name_(std::move(name)) {
  const LibraryGuard guard;
  const std::string action = "create an HDF5 file";
  const Hdf5Handle creation = own(H5Pcreate(H5P_FILE_CREATE), H5Pclose, name_, action);
  check(H5Pset_obj_track_times(creation.id(), false), name_, action);
  const Hdf5Handle access = own(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, name_, action);
  check(H5Pset_fapl_core(access.id(), kCoreIncrement, false), name_, action);
  keep_image_of_closed_file(access.id(), image_, name_);
  file_ = own(H5Fcreate(name_.c_str(), H5F_ACC_TRUNC, creation.id(), access.id()), H5Fclose, name_,
              action);
}

Hdf5Writer::~Hdf5Writer() = default;

void Hdf5Writer::write_floats(const std::string& dataset, std::span<const std::vector<float>> parts,
                              std::size_t columns, std::size_t chunk_rows) {
  const LibraryGuard guard;
  std::array<hsize_t, 2> dims{0, columns};
  for (const std::vector<float>& part : parts) dims[0] += part.size() / columns;
  const std::array<hsize_t, 2> chunk{std::min<hsize_t>(chunk_rows, dims[0]), columns};
  const Hdf5Handle set = create_dataset(file_.id(), name_, dataset, H5T_IEEE_F32LE, dims, chunk);
  hsize_t first = 0;
  for (const std::vector<float>& part : parts) {
    const std::array<hsize_t, 2> size{part.size() / columns, columns};
    if (size[0] > 0) write_rows(set.id(), name_, first, size, part.data());
    first += size[0];
  }
}

void Hdf5Writer::write_integers(const std::string& dataset, std::span<const std::int64_t> values) {
  const LibraryGuard guard;
  write_column(file_.id(), name_, dataset, H5T_STD_I64LE, values.size(), values.data());
}

void Hdf5Writer::write_strings(const std::string& dataset, std::span<const std::string> values) {
  const LibraryGuard guard;
  std::size_t width = 1;
  for (const std::string& value : values) width = std::max(width, value.size());
  std::vector<char> cells(values.size() * width, '\0');
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::copy(values[i].begin(), values[i].end(),
              cells.begin() + static_cast<std::ptrdiff_t>(i * width));
  }
  write_column(file_.id(), name_, dataset, text_type(width, name_).id(), values.size(),
               cells.data());
}

std::string_view Hdf5Writer::image() {
  const LibraryGuard guard;
  const std::string action = "finish the HDF5 file";
  check(H5Fflush(file_.id(), H5F_SCOPE_GLOBAL), name_, action);
  const ssize_t size = H5Fget_file_image(file_.id(), nullptr, 0);
  if (size < 0) fail_hdf5(name_, action);
  file_ = {};
  if (!image_) fail_hdf5(name_, action);
  return {static_cast<const char*>(image_.get()), static_cast<std::size_t>(size)};
}

Hdf5Reader::Hdf5Reader(const std::filesystem::path& path) : name_(path.string()) {
  const LibraryGuard guard;
  const std::string action = "open as HDF5";
  const Hdf5Handle access = own(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, name_, action);
  // A finished file is never written again, and read-only and network folders often refuse locks.
  check(H5Pset_file_locking(access.id(), false, true), name_, action);
  file_ = own(H5Fopen(name_.c_str(), H5F_ACC_RDONLY, access.id()), H5Fclose, name_, action);
}

Hdf5Reader::~Hdf5Reader() = default;
Hdf5Reader::Hdf5Reader(Hdf5Reader&&) noexcept = default;
Hdf5Reader& Hdf5Reader::operator=(Hdf5Reader&&) noexcept = default;

std::vector<std::size_t> Hdf5Reader::shape(const std::string& dataset) const {
  const LibraryGuard guard;
  return dataset_shape(open_dataset(file_.id(), name_, dataset).id(), name_,
                       "read '" + dataset + "'");
}

std::vector<std::int64_t> Hdf5Reader::read_integers(const std::string& dataset) const {
  const LibraryGuard guard;
  const Hdf5Handle set = open_dataset(file_.id(), name_, dataset);
  require_class(set.id(), H5T_INTEGER, name_, dataset);
  std::vector<std::int64_t> values(column_length(set.id(), name_, dataset));
  check(H5Dread(set.id(), H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), name_,
        "read '" + dataset + "'");
  return values;
}

std::vector<float> Hdf5Reader::read_floats(const std::string& dataset) const {
  const LibraryGuard guard;
  const std::string action = "read '" + dataset + "'";
  const Hdf5Handle set = open_dataset(file_.id(), name_, dataset);
  require_class(set.id(), H5T_FLOAT, name_, dataset);
  std::size_t count = 1;
  for (const std::size_t size : dataset_shape(set.id(), name_, action)) count *= size;
  std::vector<float> values(count);
  check(H5Dread(set.id(), H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), name_,
        action);
  return values;
}

std::vector<std::string> Hdf5Reader::read_strings(const std::string& dataset) const {
  const LibraryGuard guard;
  const std::string action = "read '" + dataset + "'";
  const Hdf5Handle set = open_dataset(file_.id(), name_, dataset);
  require_class(set.id(), H5T_STRING, name_, dataset);
  const Hdf5Handle type = own(H5Dget_type(set.id()), H5Tclose, name_, action);
  if (H5Tis_variable_str(type.id()) != 0) {
    fail(ErrorKind::artefact, "{}: '{}' is not text of fixed length", name_, dataset);
  }
  const std::size_t width = H5Tget_size(type.id());
  const std::size_t count = column_length(set.id(), name_, dataset);
  std::vector<char> cells(count * width);
  check(H5Dread(set.id(), type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, cells.data()), name_, action);
  std::vector<std::string> values;
  values.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const char* cell = cells.data() + i * width;
    values.emplace_back(cell, std::find(cell, cell + width, '\0'));
  }
  return values;
}

ChunkMap Hdf5Reader::chunk_map(const std::string& dataset) const {
  const LibraryGuard guard;
  const std::string action = "find the chunks of '" + dataset + "'";
  const Hdf5Handle set = open_dataset(file_.id(), name_, dataset);
  const Hdf5Handle type = own(H5Dget_type(set.id()), H5Tclose, name_, action);
  const Hdf5Handle layout = own(H5Dget_create_plist(set.id()), H5Pclose, name_, action);
  const std::vector<std::size_t> dims = dataset_shape(set.id(), name_, action);
  std::array<hsize_t, 2> chunk{};
  unsigned flags = 0;
  std::size_t parameters = 0;
  const bool ours = dims.size() == 2 && H5Tequal(type.id(), H5T_IEEE_F32LE) > 0 &&
                    H5Pget_layout(layout.id()) == H5D_CHUNKED &&
                    H5Pget_chunk(layout.id(), 2, chunk.data()) == 2 && chunk[1] == dims[1] &&
                    chunk[0] > 0 && H5Pget_nfilters(layout.id()) == 1 &&
                    H5Pget_filter2(layout.id(), 0, &flags, &parameters, nullptr, 0, nullptr,
                                   nullptr) == H5Z_FILTER_FLETCHER32;
  if (!ours) {
    fail(ErrorKind::artefact, "{}: '{}' is not stored in chunks of whole rows with sums", name_,
         dataset);
  }
  ChunkMap map{dims[0], dims[1], chunk[0], {}};
  const hsize_t bytes = chunk[0] * chunk[1] * sizeof(float) + kSumBytes;
  for (std::size_t first = 0; first < map.rows; first += map.chunk_rows) {
    const std::array<hsize_t, 2> at{first, 0};
    unsigned skipped = 0;
    haddr_t address = HADDR_UNDEF;
    hsize_t size = 0;
    check(H5Dget_chunk_info_by_coord(set.id(), at.data(), &skipped, &address, &size), name_,
          action);
    if (address == HADDR_UNDEF || size != bytes || skipped != 0) {
      fail(ErrorKind::artefact, "{}: a chunk of '{}' is missing or has another size", name_,
           dataset);
    }
    map.offsets.push_back(address);
  }
  return map;
}

std::pair<std::size_t, std::size_t> Hdf5Reader::open_matrix(const std::string& dataset) {
  const LibraryGuard guard;
  Hdf5Handle set = open_dataset(file_.id(), name_, dataset);
  require_class(set.id(), H5T_FLOAT, name_, dataset);
  const std::vector<std::size_t> dims = dataset_shape(set.id(), name_, "read '" + dataset + "'");
  if (dims.size() != 2) fail(ErrorKind::artefact, "{}: '{}' is not a matrix", name_, dataset);
  matrix_ = std::move(set);
  rows_ = dims[0];
  columns_ = dims[1];
  return {rows_, columns_};
}

void Hdf5Reader::read_rows(std::size_t first, std::span<float> out) const {
  const LibraryGuard guard;
  const std::string action = "read features";
  const std::size_t count = columns_ == 0 ? 0 : out.size() / columns_;
  if (count == 0) return;
  if (count * columns_ != out.size() || first + count > rows_) {
    fail(ErrorKind::internal, "{}: rows {} to {} asked of {}", name_, first, first + count, rows_);
  }
  const std::array<hsize_t, 2> start{first, 0};
  const std::array<hsize_t, 2> size{count, columns_};
  const Hdf5Handle memory = own(H5Screate_simple(2, size.data(), nullptr), H5Sclose, name_, action);
  const Hdf5Handle space = own(H5Dget_space(matrix_.id()), H5Sclose, name_, action);
  check(
      H5Sselect_hyperslab(space.id(), H5S_SELECT_SET, start.data(), nullptr, size.data(), nullptr),
      name_, action);
  check(H5Dread(matrix_.id(), H5T_NATIVE_FLOAT, memory.id(), space.id(), H5P_DEFAULT, out.data()),
        name_, action);
}

}  // namespace parlando
