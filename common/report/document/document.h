#pragma once

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "common/metrics/confusion_matrix.h"
#include "common/report/plot/plot.h"

namespace parlando::report {

/// A report whose HTML page and Markdown say the same. All texts are plain: they are escaped where
/// the report is written.
struct Paragraph {
  std::string text;
  bool warning = false;  ///< what comes before the first ". " is set off
};

struct Bullets {
  std::vector<std::string> items;
};

/// Lines for a shell.
struct CommandLines {
  std::vector<std::string> lines;
  std::string fold{};  ///< heading of a part that is closed at first; "" = open
};

struct TableColumn {
  std::string name;
  bool words = false;  ///< set to the left, and may be broken into lines
};

struct TableRow {
  std::vector<std::string> cells;  ///< as many as there are columns
  std::string mark{};              ///< "leak", "mean" or ""
};

struct TextTable {
  std::string caption;
  std::vector<TableColumn> columns;
  std::vector<TableRow> rows;
  std::string fold{};
};

struct ConfusionBlock {
  std::string caption;
  std::vector<std::string> classes;
  metrics::ConfusionMatrix confusion;
  std::string fold{};
};

using Block = std::variant<Paragraph, Bullets, CommandLines, TextTable, ConfusionBlock, Plot>;

struct Section {
  std::string id, heading, lead;
  std::vector<Block> blocks;
  bool brief = false;  ///< also in the short Markdown that lies beside the results
};

/// The SVG of each plot by its name; "" or absent where it was not drawn.
using DrawnPlots = std::map<std::string, std::string>;

/// HTML of blocks without pictures.
std::string blocks_html(const std::vector<Block>& blocks);

/// HTML of the sections; pictures are inside the page, their files in `figures/`.
std::string sections_html(const std::vector<Section>& sections, const DrawnPlots& drawn);

/// Markdown of the sections; pictures are those in `figures/`. `brief`: brief sections alone, and
/// no pictures.
std::string sections_markdown(const std::vector<Section>& sections, const DrawnPlots& drawn,
                              bool brief = false);

}  // namespace parlando::report
