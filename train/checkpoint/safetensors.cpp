#include "train/checkpoint/safetensors.h"

#include <cstring>

#include "common/core/error.h"
#include "common/io/atomic_file.h"
#include "common/io/json.h"

namespace parlando::train {
namespace {

struct TypeName {
  const char* name;
  at::ScalarType type;
};
constexpr TypeName kTypes[] = {
    {"F32", at::kFloat}, {"F64", at::kDouble}, {"I64", at::kLong}, {"U8", at::kByte}};

const char* type_name(at::ScalarType type, const std::string& tensor) {
  for (const TypeName& entry : kTypes) {
    if (entry.type == type) return entry.name;
  }
  fail(ErrorKind::internal, "tensor {}: a type that .safetensors files of ours do not hold",
       tensor);
}

at::ScalarType scalar_type(const std::string& name, const std::string& source) {
  for (const TypeName& entry : kTypes) {
    if (name == entry.name) return entry.type;
  }
  fail(ErrorKind::artefact, "{}: tensors of type {} are not supported", source, name);
}

at::Tensor read_tensor(const Json& entry, const std::string& data, const std::string& source) {
  const auto shape = json_get<std::vector<std::int64_t>>(entry, "shape", source);
  const auto offsets = json_get<std::vector<std::size_t>>(entry, "data_offsets", source);
  const at::ScalarType type = scalar_type(json_get<std::string>(entry, "dtype", source), source);
  std::size_t elements = 1;
  for (const std::int64_t n : shape) {
    // Every factor is bounded by the data, so the product cannot overflow before it is too large.
    if (n < 0 || static_cast<std::size_t>(n) > data.size() || elements > data.size()) {
      fail(ErrorKind::artefact, "{}: a shape does not fit the file", source);
    }
    elements *= static_cast<std::size_t>(n);
  }
  if (offsets.size() != 2 || offsets[0] > offsets[1] || offsets[1] > data.size() ||
      offsets[1] - offsets[0] != elements * c10::elementSize(type)) {
    fail(ErrorKind::artefact, "{}: tensor data is truncated or misplaced", source);
  }
  at::Tensor tensor = at::empty(shape, type);
  std::memcpy(tensor.mutable_data_ptr(), data.data() + offsets[0], offsets[1] - offsets[0]);
  return tensor;
}

}  // namespace

const at::Tensor& SafetensorsFile::at(const std::string& name) const {
  for (const NamedTensor& entry : tensors) {
    if (entry.name == name) return entry.tensor;
  }
  fail(ErrorKind::artefact, "{}: tensor '{}' is missing; the file is damaged or of another model",
       source, name);
}

void write_safetensors(const std::filesystem::path& path, const std::vector<NamedTensor>& tensors,
                       const std::map<std::string, std::string>& metadata) {
  Json header = Json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  std::string data;
  for (const NamedTensor& entry : tensors) {
    const at::Tensor tensor = entry.tensor.detach().cpu().contiguous();
    const std::size_t begin = data.size();
    data.append(static_cast<const char*>(tensor.const_data_ptr()), tensor.nbytes());
    header[entry.name] = {{"dtype", type_name(tensor.scalar_type(), entry.name)},
                          {"shape", tensor.sizes().vec()},
                          {"data_offsets", {begin, data.size()}}};
  }
  std::string text = header.dump();
  text.append((8 - text.size() % 8) % 8,
              ' ');  // data starts at a multiple of 8, as the format advises
  const std::uint64_t length = text.size();
  std::string content(sizeof(length), '\0');
  std::memcpy(content.data(), &length, sizeof(length));
  write_file_atomically(path, content + text + data);
}

SafetensorsFile read_safetensors(const std::filesystem::path& path) {
  SafetensorsFile file;
  file.source = path.string();
  const std::string content = read_file(path);
  std::uint64_t length = 0;
  if (content.size() >= sizeof(length)) std::memcpy(&length, content.data(), sizeof(length));
  if (content.size() < sizeof(length) || length > content.size() - sizeof(length)) {
    fail(ErrorKind::artefact, "{}: not a .safetensors file, or truncated", file.source);
  }
  const Json header =
      parse_json(std::string_view(content).substr(sizeof(length), length), file.source);
  if (!header.is_object())
    fail(ErrorKind::artefact, "{}: the header is not an object", file.source);
  const std::string data = content.substr(sizeof(length) + length);
  for (const auto& [name, entry] : header.items()) {
    if (name == "__metadata__") {
      file.metadata = json_get<std::map<std::string, std::string>>(header, name, file.source);
    } else {
      file.tensors.push_back({name, read_tensor(entry, data, file.source)});
    }
  }
  return file;
}

}  // namespace parlando::train
