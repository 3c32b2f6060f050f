#include "common/io/event_file.h"

#include <array>
#include <cstdlib>
#include <utility>

#include <gtest/gtest.h>

#include "common/io/atomic_file.h"
#include "common/io/crc32c.h"
#include "common/io/protobuf.h"
#include "tests/support/process.h"
#include "tests/support/scratch_folder.h"

namespace parlando {
namespace {

using Scalars = std::array<std::pair<std::string, double>, 2>;

TEST(Crc32c, GivesTheSumsOfRfc3720) {
  EXPECT_EQ(crc32c("123456789"), 0xE3069283U);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAU);
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62A8AB43U);
}

TEST(ProtobufMessage, WritesTheExamplesOfTheFormatsDescription) {
  // Protocol Buffers, "Encoding": field 1 = 150, field 2 = "testing".
  EXPECT_EQ(ProtobufMessage().add_integer(1, 150).bytes(), "\x08\x96\x01");
  EXPECT_EQ(ProtobufMessage().add_bytes(2, "testing").bytes(), "\x12\x07testing");
}

TEST(ProtobufMessage, FindsAnIntegerAmongOtherFields) {
  const std::string message = ProtobufMessage()
                                  .add_double(1, 2.5)
                                  .add_bytes(5, "abc")
                                  .add_float(7, 1)
                                  .add_integer(2, 1234567890123)
                                  .bytes();
  EXPECT_EQ(find_integer(message, 2), 1234567890123U);
  EXPECT_EQ(find_integer(message, 3), std::nullopt);
  EXPECT_EQ(find_integer(message.substr(0, 12), 2), std::nullopt) << "cut short";
}

/// Three epochs in a new file.
std::string three_epochs(const std::filesystem::path& path) {
  EventFile file(path, 0);
  EXPECT_TRUE(file.empty());
  file.add_text(0, 1000, "config", "    seed: 1\n");
  for (int step = 1; step <= 3; ++step) {
    file.add_scalars(step, 1000.5 + step, Scalars{{{"loss/train", 1.0 / step}, {"uar", 0.25}}});
  }
  return read_file(path);
}

TEST(EventFile, GoesOnAfterTheStepThatItIsOpenedWith) {
  const test::ScratchFolder folder;
  const std::string whole = three_epochs(folder / "events");
  for (int last = 0; last <= 3; ++last) {
    write_file_atomically(folder / "again", whole);
    EventFile file(folder / "again", last);
    EXPECT_FALSE(file.empty()) << "the text of step 0 stays";
    for (int step = last + 1; step <= 3; ++step) {
      file.add_scalars(step, 1000.5 + step, Scalars{{{"loss/train", 1.0 / step}, {"uar", 0.25}}});
    }
    EXPECT_EQ(read_file(folder / "again"), whole) << "no record is lost or doubled";
  }
}

TEST(EventFile, DropsATornRecordWhereverItIsTorn) {
  const test::ScratchFolder folder;
  const std::string whole = three_epochs(folder / "events");
  write_file_atomically(folder / "two", whole);
  const EventFile two(folder / "two", 2);
  const std::string first_two = read_file(folder / "two");
  for (std::size_t size = first_two.size(); size < whole.size(); ++size) {
    write_file_atomically(folder / "torn", whole.substr(0, size));
    const EventFile file(folder / "torn", 3);
    EXPECT_EQ(read_file(folder / "torn"), first_two) << size;
  }
}

TEST(EventFile, KeepsNothingBehindADamagedRecord) {
  const test::ScratchFolder folder;
  std::string damaged = three_epochs(folder / "events");
  const std::size_t at = damaged.find("loss/train");
  damaged[at] = 'L';
  write_file_atomically(folder / "events", damaged);
  EventFile file(folder / "events", 3);
  EXPECT_EQ(read_file(folder / "events").find("loss/train"), std::string::npos);
  EXPECT_FALSE(file.empty());
}

TEST(EventFile, BeginsAnewWhereTheHeaderIsDamaged) {
  const test::ScratchFolder folder;
  write_file_atomically(folder / "events", "no records at all");
  EventFile file(folder / "events", 3);
  EXPECT_TRUE(file.empty());
}

/// A reader of its own: frames, both sums, and the fields by number.
constexpr const char* kReader = R"(
import struct, sys

def table():
    for n in range(256):
        for _ in range(8):
            n = n >> 1 ^ (0x82F63B78 if n & 1 else 0)
        yield n
TABLE = list(table())

def masked(data):
    c = 0xFFFFFFFF
    for b in data:
        c = TABLE[(c ^ b) & 255] ^ c >> 8
    c ^= 0xFFFFFFFF
    return ((c >> 15 | c << 17) + 0xA282EAD8) & 0xFFFFFFFF

def varint(data, at):
    value = shift = 0
    while True:
        value |= (data[at] & 127) << shift
        shift += 7
        at += 1
        if data[at - 1] < 128:
            return value, at

def fields(data):
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        wire = key & 7
        if wire == 0:
            value, at = varint(data, at)
        elif wire == 1:
            value, at = struct.unpack_from("<d", data, at)[0], at + 8
        elif wire == 5:
            value, at = struct.unpack_from("<f", data, at)[0], at + 4
        else:
            assert wire == 2, wire
            size, at = varint(data, at)
            value, at = data[at:at + size], at + size
        yield key >> 3, value

data = open(sys.argv[1], "rb").read()
at = 0
events = []
while at < len(data):
    size, = struct.unpack_from("<Q", data, at)
    assert struct.unpack_from("<I", data, at + 8)[0] == masked(data[at:at + 8])
    body = data[at + 12:at + 12 + size]
    assert len(body) == size
    assert struct.unpack_from("<I", data, at + 12 + size)[0] == masked(body)
    events.append(dict(fields(body)))
    at += 16 + size
assert events[0][3] == b"brain.Event:2"
assert events[1][2] == 0 and events[1][1] == 1000
value = dict(fields(dict(fields(events[1][5]))[1]))
assert value[1] == b"config"
assert dict(fields(value[8]))[8] == b"    seed: 1\n"
assert dict(fields(dict(fields(value[9]))[1]))[1] == b"text"
for step, event in enumerate(events[2:], 1):
    assert event[2] == step and event[1] == 1000.5 + step
    values = [dict(fields(v)) for f, v in fields(event[5])]
    assert [v[1] for v in values] == [b"loss/train", b"uar"]
    assert abs(values[0][2] - 1 / step) < 1e-7 and values[1][2] == 0.25
print(len(events))
)";

/// What TensorBoard itself makes of the file.
constexpr const char* kTensorBoard = R"(
import sys
try:
    from tensorboard.backend.event_processing.event_file_loader import EventFileLoader
except ImportError:
    print("absent")
    sys.exit()
events = list(EventFileLoader(sys.argv[1]).Load())
assert events[0].file_version == "brain.Event:2"
text = events[1].summary.value[0]
assert text.metadata.plugin_data.plugin_name == "text"
assert text.tensor.string_val[0] == b"    seed: 1\n"
for step, event in enumerate(events[2:], 1):
    assert event.step == step and event.wall_time == 1000.5 + step
    loss, uar = event.summary.value
    assert (loss.tag, uar.tag) == ("loss/train", "uar")
    assert loss.metadata.plugin_data.plugin_name == "scalars"
    assert abs(loss.tensor.float_val[0] - 1 / step) < 1e-7
print(len(events))
)";

class EventFileInPython : public testing::TestWithParam<const char*> {};

TEST_P(EventFileInPython, IsRead) {
  const char* python = std::getenv("PARLANDO_PYTHON");
  if (python == nullptr || !std::filesystem::exists(python)) {
    GTEST_SKIP() << "no Python; name one in PARLANDO_PYTHON";
  }
  const test::ScratchFolder folder;
  const std::filesystem::path path = folder / "events.out.tfevents.parlando";
  three_epochs(path);
  const test::ProcessResult result = test::run_process({python, "-c", GetParam(), path.string()});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  if (result.out == "absent\n") GTEST_SKIP() << "this Python has no tensorboard package";
  EXPECT_EQ(result.out, "5\n");
}

INSTANTIATE_TEST_SUITE_P(Readers, EventFileInPython, testing::Values(kReader, kTensorBoard),
                         [](const auto& reader) {
                           return reader.index == 0 ? "OfTheFormat" : "TensorBoard";
                         });

}  // namespace
}  // namespace parlando
