#include "common/report/plot/plot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/child_words.h"
#include "common/core/error.h"
#include "common/report/base64.h"
#include "common/report/plot/plotter.h"
#include "tests/support/scratch_folder.h"
#include "tests/unit/report/markup.h"

namespace parlando::report {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

bool has_gnuplot() {
  try {
    find_program("gnuplot");
    return true;
  } catch (const Error&) {
    return false;
  }
}

Plot small_plot(const std::string& label) {
  Plot plot;
  plot.name = "small";
  PlotData data;
  const std::vector<std::vector<double>> first{{0, 1}, {1, 2}}, second{{0, 2}, {1, NAN}, {2, 1}};
  data.add(first);
  data.add(second);
  plot.data = data.text();
  plot.commands = "set xlabel " + gnuplot_text(label) + "\n" +
                  tic_labels("x", {label, "b"}, std::vector<double>{0.0, 1.0}) +
                  "plot data index 0 using 1:2 with linespoints title " + gnuplot_text(label) +
                  ", data index 1 using 1:2 with lines";
  return plot;
}

TEST(GnuplotText, LeavesNoByteThatIsCode) {
  EXPECT_EQ(gnuplot_text("plain"), "'plain'");
  EXPECT_EQ(gnuplot_text("it's"), "'it''s'");
  EXPECT_EQ(gnuplot_text("a\nset output 'x'"), "'a set output ''x'''");
  EXPECT_EQ(gnuplot_text("end\\"), "'end '");
  EXPECT_EQ(gnuplot_text("\xff\x01"), "'\uFFFD\uFFFD'");
  EXPECT_EQ(gnuplot_tic("100 %d"), "'100 %%d'");
  EXPECT_EQ(tic_labels("y", {"a", "bcdef"}, std::vector<double>{0, -1.5}, 3),
            "set ytics ('a' 0, 'bc\u2026' -1.5)\n");
}

TEST(PlotData, ParesBlocksWithTwoEmptyLinesAndGapsAsNaN) {
  PlotData data;
  const std::vector<std::vector<double>> first{{1, 0.5}}, second{{2, NAN}};
  EXPECT_EQ(data.add(first), 0);
  EXPECT_EQ(data.add(second), 1);
  EXPECT_EQ(data.text(), "1 0.5\n\n\n2 NaN\n");
}

TEST(FileWord, KeepsNamesWithinTheFolder) {
  EXPECT_EQ(file_word("no-lstm.2"), "no-lstm.2");
  EXPECT_EQ(file_word("../../etc"), "-.-..-etc");
  EXPECT_EQ(file_word(""), "-");
}

TEST(Base64, HasTheValuesOfItsStandard) {
  // RFC 4648, section 10.
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64("\xff\xfe"), "//4=");
}

TEST(Plotter, LeavesDataAndScriptWhereThereIsNoGnuplot) {
  const test::ScratchFolder folder;
  std::filesystem::create_directory(folder / "figures");
  test::write_text(folder / "figures" / "small.svg", "of an earlier report");
  Plotter plotter(folder / "figures", "no-such-gnuplot");
  EXPECT_EQ(plotter.draw(small_plot("x")), "");
  EXPECT_THAT(plotter.trouble(), HasSubstr("no-such-gnuplot"));
  EXPECT_THAT(plotter.trouble(), HasSubstr("gnuplot-nox"));
  EXPECT_THAT(test::read_text(folder / "figures" / "small.gp"),
              HasSubstr("set output 'small.svg'"));
  EXPECT_EQ(test::read_text(folder / "figures" / "small.dat"), "0 1\n1 2\n\n\n0 2\n1 NaN\n2 1\n");
  EXPECT_FALSE(std::filesystem::exists(folder / "figures" / "small.svg"));
}

TEST(Plotter, SaysWhatAFailingGnuplotSaid) {
  if (!has_gnuplot()) GTEST_SKIP() << "gnuplot is not installed";
  const test::ScratchFolder folder;
  Plot plot = small_plot("x");
  plot.commands = "plot nothing_known";
  Plotter plotter(folder.path());
  EXPECT_EQ(plotter.draw(plot), "");
  EXPECT_THAT(plotter.trouble(), HasSubstr("nothing_known"));
  EXPECT_FALSE(std::filesystem::exists(folder / "small.svg"));
}

TEST(Plotter, DrawsBothFormatsWhateverTheNamesAre) {
  if (!has_gnuplot()) GTEST_SKIP() << "gnuplot is not installed";
  const std::string hostile =
      "a'b\"c`touch stolen`$(touch stolen)\n!touch stolen\n@x {/=40 y} z_1^2 %d %s <b>&amp; \\";
  const test::ScratchFolder folder;
  Plotter plotter(folder.path());
  const std::string svg = plotter.draw(small_plot(hostile));
  EXPECT_THAT(plotter.trouble(), IsEmpty());
  EXPECT_THAT(svg, HasSubstr("<svg"));
  EXPECT_THAT(svg, HasSubstr("z_1^2")) << "no markup of gnuplot's own";
  EXPECT_THAT(svg, Not(HasSubstr("<b>")));
  EXPECT_GT(std::filesystem::file_size(folder / "small.png"), 1000u);
  EXPECT_FALSE(std::filesystem::exists(folder / "stolen"));
  EXPECT_FALSE(std::filesystem::exists("stolen"));
}

}  // namespace
}  // namespace parlando::report
