#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parlando {

/// An open HDF5 object, closed with its own function. Move-only.
class Hdf5Handle {
 public:
  using Close = int (*)(std::int64_t);

  Hdf5Handle() = default;
  Hdf5Handle(std::int64_t id, Close close) : id_(id), close_(close) {}
  ~Hdf5Handle();
  Hdf5Handle(Hdf5Handle&& other) noexcept
      : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Hdf5Handle& operator=(Hdf5Handle&& other) noexcept;

  std::int64_t id() const { return id_; }

 private:
  std::int64_t id_ = -1;
  Close close_ = nullptr;
};

struct FreeImage {
  void operator()(void* bytes) const { std::free(bytes); }
};
/// The bytes of a file that was built in memory.
using Hdf5Image = std::unique_ptr<void, FreeImage>;

/// Builds an HDF5 file in memory; image() is what goes to disk, so that a full disk never meets the
/// HDF5 library, which cannot close a file that it cannot flush. Datasets are chunked with
/// fletcher32 sums and carry no time stamps: equal content gives equal bytes. `name` stands for the
/// file in errors. One process-wide lock serialises the library's calls. Throws Error(artefact).
class Hdf5Writer {
 public:
  explicit Hdf5Writer(std::string name);
  ~Hdf5Writer();
  Hdf5Writer(const Hdf5Writer&) = delete;
  Hdf5Writer& operator=(const Hdf5Writer&) = delete;

  /// float32 [rows, columns], the parts one below the other, each of whole rows; a chunk is
  /// [chunk_rows, columns]. All sizes at least 1, but parts may be empty.
  void write_floats(const std::string& dataset, std::span<const std::vector<float>> parts,
                    std::size_t columns, std::size_t chunk_rows);
  void write_integers(const std::string& dataset, std::span<const std::int64_t> values);
  /// Fixed-length UTF-8, padded with zeros to the longest text.
  void write_strings(const std::string& dataset, std::span<const std::string> values);

  /// Finishes the file: nothing can be written afterwards. Its bytes, valid as long as the writer.
  std::string_view image();

 private:
  std::string name_;
  Hdf5Image image_;  ///< outlives file_, which fills it
  Hdf5Handle file_;
};

/// Where the chunks of a matrix lie in a file: [chunk_rows, columns] float32 each, little-endian,
/// with a fletcher32 sum behind it. The last one is as large as the others.
struct ChunkMap {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::size_t chunk_rows = 0;
  std::vector<std::uint64_t> offsets;  ///< of each chunk, bytes from the start of the file
};

/// Reads an HDF5 file. Thread-safe through the process-wide lock. Throws Error(artefact) naming the
/// file and what the HDF5 library says, for instance a wrong fletcher32 sum.
class Hdf5Reader {
 public:
  explicit Hdf5Reader(const std::filesystem::path& path);
  ~Hdf5Reader();
  Hdf5Reader(Hdf5Reader&&) noexcept;
  Hdf5Reader& operator=(Hdf5Reader&&) noexcept;

  /// Sizes of a dataset's dimensions.
  std::vector<std::size_t> shape(const std::string& dataset) const;
  std::vector<std::int64_t> read_integers(const std::string& dataset) const;
  std::vector<std::string> read_strings(const std::string& dataset) const;
  /// All values of a floating-point dataset of any shape, in C order, converted to float32.
  std::vector<float> read_floats(const std::string& dataset) const;

  /// Where the chunks of a float32 matrix lie in the file, for a ChunkedMatrix. Throws
  /// Error(artefact) if it is not stored as Hdf5Writer stores it.
  ChunkMap chunk_map(const std::string& dataset) const;

  /// Opens a float32 matrix for read_rows(); returns {rows, columns}.
  std::pair<std::size_t, std::size_t> open_matrix(const std::string& dataset);
  /// Rows [first, first + n) of the open matrix into `out`, whose size is n * columns.
  void read_rows(std::size_t first, std::span<float> out) const;

 private:
  std::string name_;
  Hdf5Handle file_;
  Hdf5Handle matrix_;
  std::size_t rows_ = 0;
  std::size_t columns_ = 0;
};

}  // namespace parlando
