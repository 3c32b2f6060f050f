#include "common/io/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parlando {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Csv, ReadsRecordsWithTheirLines) {
  const auto records = parse_csv("a,b\r\n1,\n\nx,y");
  ASSERT_EQ(records.size(), 3U);
  EXPECT_THAT(records[0].fields, ElementsAre("a", "b"));
  EXPECT_THAT(records[1].fields, ElementsAre("1", ""));
  EXPECT_THAT(records[2].fields, ElementsAre("x", "y"));
  EXPECT_EQ(records[2].line, 4U);
}

TEST(Csv, QuotedFieldsHoldCommasQuotesAndLineEnds) {
  const auto records = parse_csv("\"a,b\",\"say \"\"hi\"\"\",\"two\r\nlines\"\nnext,\"\",z\n");
  ASSERT_EQ(records.size(), 2U);
  EXPECT_THAT(records[0].fields, ElementsAre("a,b", "say \"hi\"", "two\r\nlines"));
  EXPECT_THAT(records[1].fields, ElementsAre("next", "", "z"));
  EXPECT_EQ(records[1].line, 3U);
}

TEST(Csv, SkipsAByteOrderMark) {
  EXPECT_THAT(parse_csv("\xEF\xBB\xBFpath\n")[0].fields, ElementsAre("path"));
}

TEST(Csv, NothingHasNoRecords) {
  EXPECT_TRUE(parse_csv("").empty());
  EXPECT_TRUE(parse_csv("\n\r\n").empty());
}

TEST(Csv, ABrokenRecordLeavesTheNextAlone) {
  const auto records = parse_csv("a\"b,c\n\"x\"y,z\n1,2\n");
  ASSERT_EQ(records.size(), 3U);
  EXPECT_THAT(records[0].error, HasSubstr("inside a field"));
  EXPECT_THAT(records[1].error, HasSubstr("follows a closing quote"));
  EXPECT_EQ(records[2].error, "");
  EXPECT_EQ(records[2].line, 3U);
}

TEST(Csv, AQuoteNeverClosedCostsItsLineAlone) {
  const auto records = parse_csv("1,\"open\n3,4\n5,6\n");
  ASSERT_EQ(records.size(), 3U);
  EXPECT_THAT(records[0].error, HasSubstr("never closed"));
  EXPECT_EQ(records[0].line, 1U);
  EXPECT_THAT(records[1].fields, ElementsAre("3", "4"));
  EXPECT_EQ(records[2].line, 3U);
}

}  // namespace
}  // namespace parlando
