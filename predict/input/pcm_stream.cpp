#include "predict/input/pcm_stream.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <string_view>

#include <unistd.h>

#include "common/core/error.h"

namespace parlando::predict {
namespace {

constexpr std::size_t kBlock = std::size_t{64} << 10;
constexpr std::size_t kRiffHeader = 12;
constexpr std::size_t kChunkHeader = 8;
constexpr std::size_t kFormatBytes = 16;
/// Of a chunk before the samples: a header alone must not make us read for ever.
constexpr std::uint64_t kLongestChunk = std::uint64_t{1} << 20;
/// Sizes from here on are what programs write that do not know the length of their stream.
constexpr std::uint64_t kUnknownSize = 0x7FFFFF00;
constexpr std::uint64_t kExtensible = 0xFFFE;
constexpr std::uint64_t kFloats = 3;

std::uint64_t number(std::span<const std::byte> bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | std::to_integer<int>(bytes[i]);
  return value;
}

bool has_tag(std::span<const std::byte> bytes, std::string_view tag) {
  return std::memcmp(bytes.data(), tag.data(), tag.size()) == 0;
}

std::size_t bytes_of(const std::string& encoding) {
  if (encoding == "u8") return 1;
  if (encoding == "s16") return 2;
  return encoding == "s24" ? 3 : 4;
}

/// A sample of that encoding as libsndfile scales it.
float decode(std::span<const std::byte> bytes, const std::string& encoding) {
  const auto bits = static_cast<std::uint32_t>(number(bytes));
  if (encoding == "f32") return std::bit_cast<float>(bits);
  if (encoding == "u8") return (static_cast<float>(bits) - 128.0F) / 128.0F;
  const auto unused = static_cast<int>(32 - 8 * bytes.size());
  const auto value = static_cast<std::int32_t>(bits << unused);
  return static_cast<float>(value) / 2147483648.0F;
}

}  // namespace

const std::vector<std::string>& pcm_encodings() {
  static const std::vector<std::string> names{"u8", "s16", "s24", "s32", "f32"};
  return names;
}

PcmStream::PcmStream(int descriptor, const PcmFormat& raw) : descriptor_(descriptor), format_(raw) {
  while (buffer_.size() < kRiffHeader && fill(kRiffHeader - buffer_.size())) {
  }
  if (buffer_.size() < kRiffHeader || !has_tag(buffer_, "RIFF")) return;
  if (has_tag(std::span(buffer_).subspan(8), "WAVE")) read_header();
}

/// Waits for up to `bytes` more; false at the end.
bool PcmStream::fill(std::size_t bytes) {
  const std::size_t before = buffer_.size();
  buffer_.resize(before + bytes);
  ssize_t got = 0;
  do {
    got = ::read(descriptor_, buffer_.data() + before, bytes);
  } while (got < 0 && errno == EINTR);
  buffer_.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  if (got < 0) fail(ErrorKind::artefact, "the stream can't be read: {}", std::strerror(errno));
  return got > 0;
}

/// The next bytes alone in the buffer.
std::span<const std::byte> PcmStream::take(std::size_t bytes) {
  buffer_.clear();
  while (buffer_.size() < bytes) {
    if (!fill(bytes - buffer_.size())) {
      fail(ErrorKind::data, "the stream ends inside its wav header");
    }
  }
  return buffer_;
}

void PcmStream::read_header() {
  bool known = false;
  while (true) {
    const std::span<const std::byte> header = take(kChunkHeader);
    const bool samples = has_tag(header, "data"), format = has_tag(header, "fmt ");
    const std::uint64_t size = number(header.subspan(4));
    if (samples) {
      if (!known) fail(ErrorKind::data, "the stream's wav header does not say how samples lie");
      if (size > 0 && size < kUnknownSize) promised_ = size;
      buffer_.clear();
      return;
    }
    if (size > kLongestChunk || (format && size < kFormatBytes)) {
      fail(ErrorKind::data, "the stream's wav header has a chunk of {} bytes; it is damaged", size);
    }
    const std::span<const std::byte> chunk = take(static_cast<std::size_t>(size + size % 2));
    if (format) read_format(chunk);
    known = known || format;
  }
}

void PcmStream::read_format(std::span<const std::byte> chunk) {
  constexpr std::size_t kSubFormat = 24;
  std::uint64_t kind = number(chunk.first(2));
  const std::uint64_t bits = number(chunk.subspan(14, 2));
  if (kind == kExtensible && chunk.size() >= kSubFormat + 2) {
    kind = number(chunk.subspan(kSubFormat, 2));
  }
  const bool whole = kind == 1 && (bits == 16 || bits == 24 || bits == 32);
  if (whole) {
    format_.encoding = fmt::format("s{}", bits);
  } else if (kind == 1 && bits == 8) {
    format_.encoding = "u8";
  } else if (kind == kFloats && bits == 32) {
    format_.encoding = "f32";
  } else {
    fail(ErrorKind::data,
         "the stream's wav header tells of format {} with {} bits; send PCM of 8, 16, 24 or 32 "
         "bits or floats of 32",
         kind, bits);
  }
  format_.channels = static_cast<std::int64_t>(number(chunk.subspan(2, 2)));
  format_.sample_rate = static_cast<std::int64_t>(number(chunk.subspan(4, 4)));
  if (format_.channels < 1 || format_.sample_rate < 1) {
    fail(ErrorKind::data, "the stream's wav header tells of {} channels at {} Hz", format_.channels,
         format_.sample_rate);
  }
}

bool PcmStream::read(std::vector<float>& interleaved) {
  const std::size_t sample = bytes_of(format_.encoding);
  const std::size_t frame = sample * static_cast<std::size_t>(format_.channels);
  if (promised_ && *promised_ < frame) return false;
  bool more = true;
  while (buffer_.size() < frame && more) more = fill(std::max(kBlock, frame));
  std::size_t bytes = buffer_.size() / frame * frame;
  if (promised_) bytes = std::min(bytes, static_cast<std::size_t>(*promised_ / frame * frame));
  for (std::size_t at = 0; at < bytes; at += sample) {
    const float value = decode(std::span(buffer_).subspan(at, sample), format_.encoding);
    if (!std::isfinite(value)) fail(ErrorKind::data, "the stream holds {}, not a number", value);
    interleaved.push_back(value);
  }
  buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(bytes));
  if (promised_) *promised_ -= bytes;
  return bytes > 0;
}

}  // namespace parlando::predict
