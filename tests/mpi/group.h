#pragma once

#include "common/dist/communicator.h"

namespace parlando::test {

/// The group of all processes that the launcher started; main() of a test program on ranks
/// (group_main.cpp) owns it, because a process joins the others once.
dist::Communicator& group();

}  // namespace parlando::test
