#include "common/io/event_file.h"

#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

#include "common/io/atomic_file.h"
#include "common/io/crc32c.h"
#include "common/io/protobuf.h"

namespace parlando {
namespace {

// Fields of tensorflow/core/util/event.proto and framework/{summary,tensor}.proto.
constexpr int kEventTime = 1, kEventStep = 2, kEventVersion = 3, kEventSummary = 5;
constexpr int kSummaryValue = 1;
constexpr int kValueTag = 1, kValueSimple = 2, kValueTensor = 8, kValueMetadata = 9;
constexpr int kMetadataPlugin = 1, kPluginName = 1;
constexpr int kTensorType = 1, kTensorShape = 2, kTensorText = 8, kShapeDimension = 2,
              kDimensionSize = 1;
constexpr std::uint64_t kTypeText = 7;

constexpr std::size_t kLengthBytes = 8, kSumBytes = 4;

/// So that the sum of a record that holds records is not trivial; as the TFRecord format has it.
std::uint32_t masked_sum(std::string_view bytes) {
  const std::uint32_t sum = crc32c(bytes);
  return (sum >> 15U | sum << 17U) + 0xA282EAD8U;
}

template <class Integer>
std::string little_endian(Integer value) {
  std::string bytes;
  for (std::size_t i = 0; i < sizeof(value); ++i) {
    bytes.push_back(static_cast<char>(value >> (8 * i) & 0xFFU));
  }
  return bytes;
}

std::string record_of(std::string_view data) {
  const std::string length = little_endian<std::uint64_t>(data.size());
  return length + little_endian(masked_sum(length)) + std::string(data) +
         little_endian(masked_sum(data));
}

/// Takes a record off the front; nullopt if there is no whole and sound one.
std::optional<std::string_view> take_record(std::string_view& bytes) {
  constexpr std::size_t kHead = kLengthBytes + kSumBytes;
  if (bytes.size() < kHead + kSumBytes) return std::nullopt;
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), kLengthBytes);
  const auto sum_at = [&](std::size_t at) { return bytes.substr(at, kSumBytes); };
  if (sum_at(kLengthBytes) != little_endian(masked_sum(bytes.substr(0, kLengthBytes))) ||
      length > bytes.size() - kHead - kSumBytes) {
    return std::nullopt;
  }
  const std::string_view data = bytes.substr(kHead, length);
  if (sum_at(kHead + length) != little_endian(masked_sum(data))) return std::nullopt;
  bytes.remove_prefix(kHead + length + kSumBytes);
  return data;
}

}  // namespace

EventFile::EventFile(std::filesystem::path path, std::int64_t last_step) : path_(std::move(path)) {
  std::string kept = record_of(ProtobufMessage()
                                   .add_double(kEventTime, 0)
                                   .add_bytes(kEventVersion, "brain.Event:2")
                                   .bytes());
  if (std::filesystem::exists(path_)) {
    const std::string content = read_file(path_);
    std::string_view rest = content;
    if (take_record(rest)) {
      std::string_view before = rest;
      for (auto data = take_record(rest); data; data = take_record(rest)) {
        const std::uint64_t step = find_integer(*data, kEventStep).value_or(0);
        if (step > static_cast<std::uint64_t>(last_step)) break;
        before = rest;
        ++records_;
      }
      kept = content.substr(0, content.size() - before.size());
    }
    if (kept == content) return;
  }
  write_file_atomically(path_, kept);
}

void EventFile::add_event(std::int64_t step, double time, const std::string& summary) {
  append_text(path_, record_of(ProtobufMessage()
                                   .add_double(kEventTime, time)
                                   .add_integer(kEventStep, static_cast<std::uint64_t>(step))
                                   .add_bytes(kEventSummary, summary)
                                   .bytes()));
  ++records_;
}

void EventFile::add_scalars(std::int64_t step, double time,
                            std::span<const std::pair<std::string, double>> scalars) {
  ProtobufMessage summary;
  for (const auto& [tag, value] : scalars) {
    summary.add_bytes(kSummaryValue, ProtobufMessage()
                                         .add_bytes(kValueTag, tag)
                                         .add_float(kValueSimple, static_cast<float>(value))
                                         .bytes());
  }
  add_event(step, time, summary.bytes());
}

void EventFile::add_text(std::int64_t step, double time, const std::string& tag,
                         const std::string& markdown) {
  const std::string plugin = ProtobufMessage().add_bytes(kPluginName, "text").bytes();
  const std::string dimension = ProtobufMessage().add_integer(kDimensionSize, 1).bytes();
  const std::string shape = ProtobufMessage().add_bytes(kShapeDimension, dimension).bytes();
  const std::string tensor = ProtobufMessage()
                                 .add_integer(kTensorType, kTypeText)
                                 .add_bytes(kTensorShape, shape)
                                 .add_bytes(kTensorText, markdown)
                                 .bytes();
  const std::string metadata = ProtobufMessage().add_bytes(kMetadataPlugin, plugin).bytes();
  const std::string value = ProtobufMessage()
                                .add_bytes(kValueTag, tag)
                                .add_bytes(kValueTensor, tensor)
                                .add_bytes(kValueMetadata, metadata)
                                .bytes();
  add_event(step, time, ProtobufMessage().add_bytes(kSummaryValue, value).bytes());
}

}  // namespace parlando
