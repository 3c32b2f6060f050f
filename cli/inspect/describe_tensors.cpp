#include <cstdint>
#include <fstream>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "cli/inspect/describe.h"

namespace parlando::inspect {
namespace {

constexpr std::uint64_t kLengthBytes = 8;
constexpr std::uint64_t kLongestHeader = 100'000'000;  ///< limit of the format's own reader

/// The JSON header; the tensors' data are not read. Format: little-endian 8-byte length, header,
/// data.
Json read_header(const std::filesystem::path& file, std::uint64_t& data_bytes) {
  const std::uint64_t size = std::filesystem::file_size(file);
  std::ifstream stream(file, std::ios::binary);
  std::string length_bytes(kLengthBytes, '\0');
  stream.read(length_bytes.data(), static_cast<std::streamsize>(kLengthBytes));
  std::uint64_t length = 0;
  for (std::size_t i = kLengthBytes; i-- > 0;) {
    length = length << 8 | static_cast<unsigned char>(length_bytes[i]);
  }
  if (!stream || length > kLongestHeader || length > size - kLengthBytes) {
    fail(ErrorKind::artefact, "{}: not a safetensors file, or cut short in its header",
         file.string());
  }
  std::string text(length, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(length));
  if (!stream) fail(ErrorKind::artefact, "{}: can't be read", file.string());
  data_bytes = size - kLengthBytes - length;
  return parse_json(text, file.string());
}

}  // namespace

Json describe_tensors(const std::filesystem::path& file) {
  std::uint64_t data_bytes = 0, needed = 0;
  const Json header = read_header(file, data_bytes);
  if (!header.is_object()) {
    fail(ErrorKind::artefact, "{}: the safetensors header is not an object", file.string());
  }
  Json tensors = Json::array();
  std::int64_t elements = 0;
  for (const auto& [name, tensor] : header.items()) {
    if (name == "__metadata__") continue;
    const std::string source = fmt::format("{}: tensor '{}'", file.string(), name);
    const auto shape = json_get<std::vector<std::int64_t>>(tensor, "shape", source);
    const auto range = json_get<std::vector<std::uint64_t>>(tensor, "data_offsets", source);
    if (range.size() != 2 || range[0] > range[1]) {
      fail(ErrorKind::artefact, "{}: data_offsets is not a range", source);
    }
    needed = std::max(needed, range[1]);
    elements += std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
    tensors.push_back({{"name", name},
                       {"type", json_get<std::string>(tensor, "dtype", source)},
                       {"shape", shape}});
  }
  if (needed != data_bytes) {
    fail(ErrorKind::artefact,
         "{}: the header names {} bytes of tensors, the file has {}: cut short or damaged",
         file.string(), needed, data_bytes);
  }
  Json result{{"tensors", tensors.size()}, {"elements", elements}, {"bytes", data_bytes}};
  if (header.contains("__metadata__")) result["metadata"] = header["__metadata__"];
  result["list"] = tensors;
  return result;
}

}  // namespace parlando::inspect
