#pragma once

#include <string>

#include "common/report/run_record.h"

namespace parlando::report {

/// The report as Markdown: figures, classes, confusion, groups, relations, versions.
std::string run_markdown(const RunRecord& run);

/// "class,precision,recall,f1,support" and a line a class, shares with full precision.
std::string per_class_csv(const metrics::Evaluation& evaluation);

/// A line a true class: its name, then the counts by recognised class.
std::string confusion_csv(const metrics::Evaluation& evaluation);

}  // namespace parlando::report
