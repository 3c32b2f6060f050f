#include "common/io/protobuf.h"

#include <bit>

namespace parlando {
namespace {

constexpr unsigned kVarint = 0, kFixed64 = 1, kLength = 2, kFixed32 = 5;

template <class Integer>
void add_little_endian(std::string& bytes, Integer value) {
  for (std::size_t i = 0; i < sizeof(value); ++i) {
    bytes.push_back(static_cast<char>(value >> (8 * i) & 0xFFU));
  }
}

/// Takes a varint off the front; nullopt if there is no whole one.
std::optional<std::uint64_t> take_varint(std::string_view& bytes) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    value |= std::uint64_t{byte & 0x7FU} << shift;
    if ((byte & 0x80U) == 0) return value;
  }
  return std::nullopt;
}

bool skip(std::string_view& bytes, std::uint64_t count) {
  if (count > bytes.size()) return false;
  bytes.remove_prefix(count);
  return true;
}

}  // namespace

void ProtobufMessage::add_varint(std::uint64_t value) {
  for (; value >= 0x80U; value >>= 7U) bytes_.push_back(static_cast<char>(value | 0x80U));
  bytes_.push_back(static_cast<char>(value));
}

void ProtobufMessage::add_key(int field, unsigned wire_type) {
  add_varint(static_cast<std::uint64_t>(field) << 3U | wire_type);
}

ProtobufMessage& ProtobufMessage::add_integer(int field, std::uint64_t value) {
  add_key(field, kVarint);
  add_varint(value);
  return *this;
}

ProtobufMessage& ProtobufMessage::add_float(int field, float value) {
  add_key(field, kFixed32);
  add_little_endian(bytes_, std::bit_cast<std::uint32_t>(value));
  return *this;
}

ProtobufMessage& ProtobufMessage::add_double(int field, double value) {
  add_key(field, kFixed64);
  add_little_endian(bytes_, std::bit_cast<std::uint64_t>(value));
  return *this;
}

ProtobufMessage& ProtobufMessage::add_bytes(int field, std::string_view value) {
  add_key(field, kLength);
  add_varint(value.size());
  bytes_.append(value);
  return *this;
}

std::optional<std::uint64_t> find_integer(std::string_view message, int field) {
  std::optional<std::uint64_t> found;
  while (!message.empty()) {
    const std::optional<std::uint64_t> key = take_varint(message);
    if (!key) return std::nullopt;
    bool sound = false;
    switch (*key & 7U) {
      case kVarint: {
        const std::optional<std::uint64_t> value = take_varint(message);
        sound = value.has_value();
        if (sound && *key >> 3U == static_cast<std::uint64_t>(field)) found = value;
        break;
      }
      case kFixed64:
        sound = skip(message, 8);
        break;
      case kFixed32:
        sound = skip(message, 4);
        break;
      case kLength: {
        const std::optional<std::uint64_t> length = take_varint(message);
        sound = length && skip(message, *length);
        break;
      }
      default:
        break;
    }
    if (!sound) return std::nullopt;
  }
  return found;
}

}  // namespace parlando
