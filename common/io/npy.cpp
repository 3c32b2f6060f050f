#include "common/io/npy.h"

#include <cstdint>
#include <cstring>
#include <functional>
#include <numeric>
#include <regex>
#include <string>

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
  if (match[2] == "True") damaged("Fortran order");
  NpyArray array;
  for (const std::string& part : split_text(match[3].str(), ',')) {
    if (part.find_first_of("0123456789") != std::string::npos)
      array.shape.push_back(std::stoull(part));
  }
  const std::size_t count = element_count(array.shape);
  const std::size_t width = match[1] == "<f4" ? 4 : 8;
  if (count > content.size() || content.size() != kPreamble + header_size + count * width) {
    damaged("its size does not fit its shape");
  }
  array.values.resize(count);
  const char* data = content.data() + kPreamble + header_size;
  if (width == 4) {
    copy_values<float>(data, array.values);
  } else {
    copy_values<double>(data, array.values);
  }
  return array;
}

}  // namespace parlando
