#include "common/config/config.h"

#include <map>
#include <optional>

#include <gtest/gtest.h>

#include "tests/support/scratch_folder.h"

namespace parlando {
namespace {

struct Inner {
  double rate = 0.5;
  std::string kind = "a";
  template <class Visitor>
  void visit(Visitor& v) {
    v.field("rate", rate, {.help = "a rate", .min = 0, .max = 1});
    v.field("kind", kind, {.help = "a kind", .choices = {"a", "b"}});
  }
};

struct Named {
  std::string name;
  template <class Visitor>
  void visit(Visitor& v) {
    v.field("name", name, {.help = "what it is called", .choices = {"a", "b"}, .required = true});
  }
};

struct Outer {
  int count = 3;
  std::optional<int> maybe;
  std::vector<Inner> list;
  std::map<std::string, double> factors;
  Inner inner;
  template <class Visitor>
  void visit(Visitor& v) {
    v.field("count", count, {.help = "a count", .unit = "things", .min = 1});
    v.field("maybe", maybe, {.help = "may be absent"});
    v.field("list", list, {.help = "some"});
    v.field("factors", factors, {.help = "by name"});
    v.field("inner", inner, {.help = "nested"});
  }
};

std::string message_of(const std::string& yaml) {
  try {
    parse_config<Outer>(yaml, "f.yaml");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    return error.what();
  }
  return "";
}

TEST(Config, KeepsDefaultsForAbsentKeys) {
  const auto config = parse_config<Outer>("inner: {rate: 0.25}", "f.yaml");
  EXPECT_EQ(config.count, 3);
  EXPECT_EQ(config.inner.rate, 0.25);
  EXPECT_EQ(config.inner.kind, "a");
  EXPECT_FALSE(config.maybe.has_value());
}

TEST(Config, NamesFileLineAndNearestKeyOfAnUnknownOne) {
  const std::string message = message_of("count: 2\ninner:\n  rat: 0.1\n");
  EXPECT_NE(message.find("f.yaml:3: inner: unknown key 'rat'; did you mean 'rate'?"),
            std::string::npos)
      << message;
}

TEST(Config, RefusesWrongTypesRangesAndChoices) {
  EXPECT_NE(message_of("count: many").find("f.yaml:1: count: expected a whole number, got 'many'"),
            std::string::npos);
  EXPECT_NE(message_of("count: 0").find("out of range"), std::string::npos);
  EXPECT_NE(message_of("count: 3000000000").find("out of range"), std::string::npos);
  EXPECT_NE(message_of("inner: {rate: .nan}").find("out of range"), std::string::npos);
  EXPECT_NE(message_of("inner: {kind: c}").find("'c' is not one of a, b"), std::string::npos);
  EXPECT_NE(message_of("list: 3").find("expected a list"), std::string::npos);
  EXPECT_NE(message_of("inner: 3").find("expected keys and values"), std::string::npos);
}

TEST(Config, NamesARequiredKeyThatIsAbsent) {
  EXPECT_EQ(parse_config<Named>("name: b", "f.yaml").name, "b");
  try {
    parse_config<Named>("{}", "f.yaml");
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_STREQ(error.what(),
                 "f.yaml:1: the key 'name' is missing: what it is called; one of a, b");
  }
}

TEST(Config, RefusesAKeyThatIsAList) {
  EXPECT_NE(message_of("inner: {[rate]: 1}").find("f.yaml:1: inner: a key is a list"),
            std::string::npos);
  EXPECT_NE(message_of("factors: {{a: 1}: 1}").find("factors: a key is a list or a map"),
            std::string::npos);
}

TEST(Config, DumpReadsBackAsTheSameConfiguration) {
  const auto config =
      parse_config<Outer>("{maybe: 4, list: [{rate: 1e-8, kind: b}], factors: {x: 1.5}}", "f");
  const std::string text = dump_config(config);
  EXPECT_EQ(dump_config(parse_config<Outer>(text, "dump")), text);
  EXPECT_EQ(parse_config<Outer>(text, "dump").list.at(0).rate, 1e-8);
}

TEST(LoadConfig, LaysFilesAndOverridesOverEachOther) {
  const test::ScratchFolder folder;
  test::write_text(folder / "base.yaml",
                   "count: 5\ninner: {rate: 0.1, kind: b}\nlist: [{rate: 0.3}]\n");
  test::write_text(folder / "over.yaml", "inner: {rate: 0.2}\n");
  const auto config =
      load_config<Outer>({(folder / "base.yaml").string(), (folder / "over.yaml").string()},
                         {"count=7", "list.0.rate=0.9", "factors.sad=2"});
  EXPECT_EQ(config.count, 7);
  EXPECT_EQ(config.inner.rate, 0.2);
  EXPECT_EQ(config.inner.kind, "b");
  EXPECT_EQ(config.list.at(0).rate, 0.9);
  EXPECT_EQ(config.factors.at("sad"), 2);
}

TEST(LoadConfig, RefusesAKeyThatStandsTwice) {
  const test::ScratchFolder folder;
  const std::string file = (folder / "base.yaml").string();
  for (const std::string text : {"count: 5\ncount: 6\n", "inner: {rate: 0.1, rate: 0.2}\n",
                                 "list: [{kind: a, rate: 0.1, kind: b}]\n"}) {
    test::write_text(file, text);
    try {
      load_config<Outer>({file});
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage);
      EXPECT_NE(std::string(error.what()).find("stands twice"), std::string::npos) << error.what();
    }
  }
}

TEST(LoadConfig, RefusesAnOverrideWithoutAValue) {
  EXPECT_THROW(load_config<Outer>({}, {"count"}), Error);
  EXPECT_THROW(load_config<Outer>({"no-such-file.yaml"}), Error);
}

TEST(LoadConfig, RefusesTextThatIsNotUtf8) {
  const test::ScratchFolder folder;
  const std::string file = (folder / "latin.yaml").string();
  test::write_text(file, "list: [{kind: caf\xe9}]\n");
  const auto refused = [](const auto& load) -> std::string {
    try {
      load();
    } catch (const Error& error) {
      return error.kind() == ErrorKind::usage ? error.what() : "";
    }
    return "";
  };
  EXPECT_EQ(refused([&] { load_config<Outer>({file}); }),
            file + ": not UTF-8; save it in that encoding");
  EXPECT_NE(refused([&] { load_config<Outer>({}, {"list.0.kind=caf\xe9"}); }).find("not UTF-8"),
            std::string::npos);
}

TEST(LoadConfig, RefusesIndicesBeyondAListAndTreesWithoutEnd) {
  const test::ScratchFolder folder;
  const std::string file = (folder / "base.yaml").string();
  test::write_text(file, "list: [{rate: 0.3}]\n");
  EXPECT_THROW(load_config<Outer>({file}, {"list.1.rate=0.9"}), Error);
  EXPECT_THROW(load_config<Outer>({file}, {"list.99999999999999999999.rate=0.9"}), Error);
  test::write_text(file, "inner: &a {rate: *a}\n");
  EXPECT_THROW(load_config<Outer>({file, file}), Error);
  test::write_text(file, "? [list]\n: 1\n");
  EXPECT_THROW(load_config<Outer>({file}), Error);
}

TEST(LoadConfig, BlamesTheCommandLineForWhatItGave) {
  const test::ScratchFolder folder;
  test::write_text(folder / "base.yaml", "count: 5\nlist: [{rate: 0.3}]\n");
  const auto message = [&](const std::string& override_text) -> std::string {
    try {
      load_config<Outer>({(folder / "base.yaml").string()}, {override_text});
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(message("count=many"), "command line: count: expected a whole number, got 'many'");
  EXPECT_EQ(message("list.0.rate=x"), "command line: list.0.rate: expected a number, got 'x'");
  EXPECT_EQ(message("inner={rate: x}"), "command line: inner.rate: expected a number, got 'x'");
  EXPECT_EQ(message("cuont=1"), "command line: cuont: unknown key 'cuont'; did you mean 'count'?");
}

TEST(DescribeConfig, ShowsEveryKeyWithDefaultUnitAndChoices) {
  const std::string help = describe_config<Outer>();
  EXPECT_NE(help.find("count=3"), std::string::npos) << help;
  EXPECT_NE(help.find("[things]"), std::string::npos);
  EXPECT_NE(help.find("inner.kind=a"), std::string::npos);
  EXPECT_NE(help.find("(a | b)"), std::string::npos);
}

}  // namespace
}  // namespace parlando
