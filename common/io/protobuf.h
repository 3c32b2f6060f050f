#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace parlando {

/// Writes the fields of one protobuf message in its wire format. A field is added once for each
/// value; zero values are written too.
class ProtobufMessage {
 public:
  ProtobufMessage& add_integer(int field, std::uint64_t value);
  ProtobufMessage& add_float(int field, float value);
  ProtobufMessage& add_double(int field, double value);
  /// A text, bytes or a message within the message.
  ProtobufMessage& add_bytes(int field, std::string_view value);

  const std::string& bytes() const { return bytes_; }

 private:
  void add_key(int field, unsigned wire_type);
  void add_varint(std::uint64_t value);

  std::string bytes_;
};

/// Value of an integer field of a message, the last one if there are several; nullopt if there is
/// none or the bytes are no message.
std::optional<std::uint64_t> find_integer(std::string_view message, int field);

}  // namespace parlando
