#include <algorithm>
#include <regex>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/house/source_tree.h"

namespace parlando::house {
namespace {

constexpr std::size_t kLongestFile = 400;

TEST(Files, OfCodeStayShort) {
  for (const SourceFile& file : source_tree()) {
    if (!file.is_code() && !file.path.ends_with(".sh") && !file.path.ends_with(".py")) continue;
    EXPECT_LE(file.lines().size(), kLongestFile) << file.path << " is too long: divide it";
  }
}

TEST(Files, HeadersAreGuardedByPragmaOnce) {
  for (const SourceFile& file : source_tree()) {
    if (!file.path.ends_with(".h")) continue;
    EXPECT_EQ(file.lines().front(), "#pragma once") << file.path;
  }
}

TEST(Files, NameNoPathOfOneMachine) {
  // Put together at run time, so that this file does not find itself.
  const std::string slash = "/";
  const std::regex machine("(^|[\\s\"'=:(`])" + slash + "(work|root|home/[a-z]+)" + slash);
  const std::string shared = std::string("..") + "/shared";
  for (const SourceFile& file : source_tree()) {
    if (file.path.ends_with(".png")) continue;
    std::smatch match;
    EXPECT_FALSE(std::regex_search(file.text, match, machine)) << file.path << ": " << match.str();
    // CI finds the corpus and the reference arrays beside the clone.
    if (file.path == ".ci/run") continue;
    EXPECT_EQ(file.text.find(shared), std::string::npos) << file.path;
  }
}

TEST(Files, NameNoHostButThoseOfDataLicencesAndStandards) {
  // Packages are pulled by name with the ordinary clients; no registry's host belongs in here.
  const std::vector<std::string> known{"127.0.0.1", "www.apache.org", "www.w3.org", "zenodo.org"};
  // With or without a scheme before it.
  const std::regex address(
      "https?://([A-Za-z0-9.-]*[A-Za-z0-9])|\\b((?:[A-Za-z0-9-]+\\.)+(?:org|com|io|net|dev))\\b");
  for (const SourceFile& file : source_tree()) {
    if (file.path.ends_with(".png")) continue;
    for (std::sregex_iterator match(file.text.begin(), file.text.end(), address), end; match != end;
         ++match) {
      const std::string host = (*match)[1].matched ? (*match)[1].str() : (*match)[2].str();
      EXPECT_NE(std::ranges::find(known, host), known.end()) << file.path << " names " << host;
    }
  }
}

TEST(Files, HoldNoUnfinishedWork) {
  const std::regex mark(std::string(R"(\b(TO)") + R"(DO|FIX)" + R"(ME|XX)" + R"(X)\b)");
  for (const SourceFile& file : source_tree()) {
    if (!file.is_code()) continue;
    std::smatch match;
    EXPECT_FALSE(std::regex_search(file.text, match, mark)) << file.path << ": " << match.str();
  }
}

TEST(Files, MainFunctionsAreShort) {
  constexpr std::size_t kLongestMain = 60;
  for (const SourceFile& file : source_tree()) {
    if (!file.is_code() || file.path.starts_with("tests/")) continue;
    const std::vector<std::string> lines = file.lines();
    for (std::size_t start = 0; start < lines.size(); ++start) {
      if (!lines[start].starts_with("int main(")) continue;
      std::size_t end = start;
      while (end < lines.size() && lines[end] != "}") ++end;
      EXPECT_LE(end - start, kLongestMain) << file.path << ": main() is parse, build, run";
    }
  }
}

}  // namespace
}  // namespace parlando::house
