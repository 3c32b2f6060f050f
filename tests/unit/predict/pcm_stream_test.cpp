#include "predict/input/pcm_stream.h"

#include <array>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "common/core/error.h"

namespace parlando::predict {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// A pipe whose other end another thread writes, in pieces of odd sizes, and closes.
class Pipe {
 public:
  explicit Pipe(std::string bytes) : bytes_(std::move(bytes)) {
    if (pipe(ends_.data()) != 0) throw std::runtime_error("no pipe");
    writer_ = std::thread([this] {
      for (std::size_t at = 0; at < bytes_.size();) {
        const std::size_t count = std::min<std::size_t>(7, bytes_.size() - at);
        const ssize_t written = write(ends_[1], bytes_.data() + at, count);
        if (written <= 0) break;
        at += static_cast<std::size_t>(written);
      }
      close(ends_[1]);
    });
  }
  ~Pipe() {
    writer_.join();
    close(ends_[0]);
  }
  int reader() const { return ends_[0]; }

 private:
  std::string bytes_;
  std::array<int, 2> ends_{};
  std::thread writer_;
};

std::string bytes_of(std::uint64_t value, int count) {
  std::string bytes;
  for (int i = 0; i < count; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xFF);
  return bytes;
}

struct WavHeader {
  int kind = 1, channels = 1, rate = 8000, bits = 16;
  std::uint32_t data_size = 0xFFFFFFFF;
  std::string before_data = "";

  std::string text() const {
    return "RIFF" + bytes_of(0xFFFFFFFF, 4) + "WAVEfmt " + bytes_of(16, 4) +
           bytes_of(static_cast<std::uint64_t>(kind), 2) +
           bytes_of(static_cast<std::uint64_t>(channels), 2) +
           bytes_of(static_cast<std::uint64_t>(rate), 4) + bytes_of(0, 6) +
           bytes_of(static_cast<std::uint64_t>(bits), 2) + before_data + "data" +
           bytes_of(data_size, 4);
  }
};

/// All samples of a stream, and its format.
struct Heard {
  PcmFormat format;
  std::vector<float> samples;
};
Heard hear(const std::string& bytes, const PcmFormat& raw = {}) {
  const Pipe pipe(bytes);
  PcmStream stream(pipe.reader(), raw);
  Heard heard{stream.format(), {}};
  while (stream.read(heard.samples)) {
  }
  return heard;
}

std::string refusal(const std::string& bytes) {
  try {
    hear(bytes);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data);
    return error.what();
  }
  return "";
}

TEST(PcmStream, ReadsSamplesAloneInEveryEncoding) {
  const auto of = [](const char* encoding) { return PcmFormat{.encoding = encoding}; };
  EXPECT_THAT(hear(bytes_of(0x80, 1) + bytes_of(0, 1), of("u8")).samples, ElementsAre(0, -1));
  EXPECT_THAT(hear(bytes_of(0x4000, 2) + bytes_of(0x8000, 2), of("s16")).samples,
              ElementsAre(0.5F, -1));
  EXPECT_THAT(hear(bytes_of(0xC00000, 3), of("s24")).samples, ElementsAre(-0.5F));
  EXPECT_THAT(hear(bytes_of(0x20000000, 4), of("s32")).samples, ElementsAre(0.25F));
  EXPECT_THAT(hear(bytes_of(0x3E800000, 4), of("f32")).samples, ElementsAre(0.25F));
}

TEST(PcmStream, LeavesOutAFrameThatIsNotWhole) {
  const PcmFormat stereo{.sample_rate = 48000, .channels = 2, .encoding = "s16"};
  std::string bytes;
  for (int i = 0; i < 9; ++i) bytes += bytes_of(0x2000, 2);
  EXPECT_EQ(hear(bytes + "x", stereo).samples.size(), 8u);
  EXPECT_THAT(hear("", stereo).samples, IsEmpty());
}

TEST(PcmStream, TakesTheFormatOfAWavHeader) {
  const std::string list = "LIST" + bytes_of(3, 4) + "abc" + std::string(1, '\0');
  const Heard heard = hear(
      WavHeader{.kind = 3, .channels = 2, .rate = 44100, .bits = 32, .before_data = list}.text() +
      bytes_of(0x3F000000, 4) + bytes_of(0xBF000000, 4));
  EXPECT_EQ(heard.format.sample_rate, 44100);
  EXPECT_EQ(heard.format.channels, 2);
  EXPECT_EQ(heard.format.encoding, "f32");
  EXPECT_THAT(heard.samples, ElementsAre(0.5F, -0.5F));
}

TEST(PcmStream, EndsWhereTheWavHeaderSays) {
  const Heard heard = hear(WavHeader{.data_size = 4}.text() + bytes_of(0x4000, 2) +
                           bytes_of(0x4000, 2) + "LIST or more");
  EXPECT_THAT(heard.samples, ElementsAre(0.5F, 0.5F));
}

TEST(PcmStream, RefusesWhatItCanNotRead) {
  EXPECT_THAT(refusal(WavHeader{.kind = 6, .bits = 8}.text()), HasSubstr("format 6 with 8 bits"));
  EXPECT_THAT(refusal(WavHeader{.channels = 0}.text()), HasSubstr("0 channels"));
  EXPECT_THAT(refusal("RIFF1234WAVEfmt "), HasSubstr("ends inside its wav header"));
  EXPECT_THAT(refusal("RIFF1234WAVEdata" + bytes_of(8, 4)), HasSubstr("how samples lie"));
  EXPECT_THAT(refusal("RIFF1234WAVEjunk" + bytes_of(0x70000000, 4)), HasSubstr("damaged"));
  EXPECT_THAT(refusal(WavHeader{.kind = 3, .bits = 32}.text() + bytes_of(0x7FC00000, 4)),
              HasSubstr("not a number"));
}

}  // namespace
}  // namespace parlando::predict
