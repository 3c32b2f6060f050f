#pragma once

#include <string>

#include "common/io/json.h"
#include "experiments/study/folder/study_folder.h"

namespace parlando::study {

/// What is to do and why: "3 of 20 runs to make", and the first runs of each reason.
std::string plan_text(const Study& study);

/// How far the study is: rows that are there, runs that somebody works on, those that failed.
std::string status_text(const Study& study);
Json status_to_json(const Study& study);

/// A line a row: seeds that are there, mean and standard deviation of the test side's figures, then
/// what is missing or failed, and why.
std::string results_text(const Study& study);
Json results_to_json(const Study& study);

}  // namespace parlando::study
