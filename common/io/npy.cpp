#include "common/io/npy.h"

#include <charconv>
#include <cstdint>
#include <cstring>
#include <functional>
#include <numeric>
#include <optional>
#include <regex>
#include <string>
#include <system_error>
#include <utility>

#include "common/core/error.h"
#include "common/core/text.h"
#include "common/io/atomic_file.h"

namespace parlando {
namespace {

constexpr std::size_t kPreamble = 10;  // magic, version, header length
constexpr std::size_t kAlignment = 64;

std::size_t element_count(std::span<const std::size_t> shape) {
  return std::accumulate(shape.begin(), shape.end(), std::size_t{1}, std::multiplies<>());
}

/// Reads the dimensions "3, 4"; nullopt if they hold more elements than `limit`.
std::optional<std::vector<std::size_t>> parse_shape(const std::string& text, std::size_t limit) {
  std::vector<std::size_t> shape;
  std::size_t count = 1;
  for (const std::string& part : split_text(text, ',')) {
    const std::size_t digits = part.find_first_of("0123456789");
    if (digits == std::string::npos) continue;
    std::size_t size = 0;
    const auto parsed = std::from_chars(part.data() + digits, part.data() + part.size(), size);
    if (parsed.ec != std::errc{} || (count > 0 && size > limit / count)) return std::nullopt;
    shape.push_back(size);
    count *= size;
  }
  return shape;
}

/// From first index fastest, as Fortran stores, to last index fastest.
void to_c_order(NpyArray& array) {
  std::vector<float> values(array.values.size());
  std::vector<std::size_t> index(array.shape.size(), 0);
  for (const float value : array.values) {
    std::size_t position = 0;
    for (std::size_t i = 0; i < index.size(); ++i) position = position * array.shape[i] + index[i];
    values[position] = value;
    for (std::size_t i = 0; i < index.size() && ++index[i] == array.shape[i]; ++i) index[i] = 0;
  }
  array.values = std::move(values);
}

template <class T>
void copy_values(const char* data, std::vector<float>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    T value;
    std::memcpy(&value, data + i * sizeof(T), sizeof(T));
    values[i] = static_cast<float>(value);
  }
}

}  // namespace

void write_npy(const std::filesystem::path& path, std::span<const float> values,
               std::span<const std::size_t> shape) {
  if (element_count(shape) != values.size()) {
    fail(ErrorKind::internal, "{}: shape holds {} elements, {} given", path.string(),
         element_count(shape), values.size());
  }
  std::string dimensions;
  for (const std::size_t n : shape) dimensions += fmt::format("{},", n);
  std::string header =
      fmt::format("{{'descr': '<f4', 'fortran_order': False, 'shape': ({}), }}", dimensions);
  const std::size_t padded =
      (kPreamble + header.size() + 1 + kAlignment - 1) / kAlignment * kAlignment;
  header.append(padded - kPreamble - header.size() - 1, ' ');
  header += '\n';
  std::string content("\x93NUMPY\x01\x00", 8);
  content += static_cast<char>(header.size() & 0xff);
  content += static_cast<char>(header.size() >> 8);
  content += header;
  content.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
  write_file_atomically(path, content);
}

NpyArray read_npy(const std::filesystem::path& path) {
  const std::string content = read_file(path);
  const auto damaged = [&](const char* why) {
    fail(ErrorKind::artefact, "{}: not a readable .npy file: {}", path.string(), why);
  };
  if (content.size() < kPreamble || content.compare(0, 6, "\x93NUMPY") != 0)
    damaged("no NUMPY mark");
  const std::size_t header_size =
      static_cast<unsigned char>(content[8]) |
      (static_cast<std::size_t>(static_cast<unsigned char>(content[9])) << 8);
  if (content[6] != 1 || content.size() < kPreamble + header_size)
    damaged("unknown version or truncated");
  const std::string header = content.substr(kPreamble, header_size);

  static const std::regex pattern(
      R"('descr': '(<f4|<f8)', 'fortran_order': (False|True), 'shape': \(([0-9, ]*)\))");
  std::smatch match;
  if (!std::regex_search(header, match, pattern)) damaged("not little-endian float32 or float64");
  NpyArray array;
  const auto shape = parse_shape(match[3].str(), content.size());
  if (shape) array.shape = *shape;
  const std::size_t count = element_count(array.shape);
  const std::size_t width = match[1] == "<f4" ? 4 : 8;
  if (!shape || content.size() != kPreamble + header_size + count * width) {
    damaged("its size does not fit its shape");
  }
  array.values.resize(count);
  const char* data = content.data() + kPreamble + header_size;
  if (width == 4) {
    copy_values<float>(data, array.values);
  } else {
    copy_values<double>(data, array.values);
  }
  if (match[2] == "True") to_c_order(array);
  return array;
}

}  // namespace parlando
