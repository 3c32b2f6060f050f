#pragma once

#include "common/report/study/study_row.h"

namespace parlando::report {

/// A row with something in every field.
StudyRow made_up_row();

}  // namespace parlando::report
