#include "preprocess/verbs/audit/audit_table.h"

#include <fmt/format.h>

namespace parlando::preprocess {
namespace {

const char* verdict(const data::Relation& relation) {
  if (relation.count == 0) return "none";
  return relation.tolerated ? "tolerated" : "LEAK";
}

}  // namespace

std::string audit_table(const data::Audit& audit, const std::string& scheme) {
  std::string text = fmt::format("{:<18}{:<18}{:>8}  {}\n", "relation", "sides", "clips", scheme);
  for (const data::Relation& relation : audit.relations) {
    text += fmt::format("{:<18}{:<18}{:>8}  {}\n", relation.name, relation.sides, relation.count,
                        verdict(relation));
  }
  for (const data::Relation& relation : audit.relations) {
    if (relation.tolerated || relation.count == 0) continue;
    text += fmt::format("\n{} {}:\n", relation.name, relation.sides);
    for (const std::string& pair : relation.pairs) text += "  " + pair + "\n";
  }
  return text;
}

}  // namespace parlando::preprocess
