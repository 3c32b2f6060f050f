#pragma once

#include <string>
#include <vector>

namespace parlando::train {

/// Where the weights of a run start, and which of them stay as they are.
struct StartConfig {
  std::string from;
  std::vector<std::string> skip{};
  std::vector<std::string> freeze{};

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("from", from,
            {.help = "run, model or checkpoint folder whose weights are taken; empty = none"});
    v.field("skip", skip,
            {.help = "beginnings of the names of tensors that start anew all the same, such as "
                     "[output]"});
    v.field("freeze", freeze,
            {.help = "beginnings of the names of tensors that are not trained, such as "
                     "[conv, norm]; a frozen batch norm keeps its moving statistics"});
  }
};

}  // namespace parlando::train
