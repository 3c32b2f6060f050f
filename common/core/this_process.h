#pragma once

#include <string>

namespace parlando {

/// Name of this machine, without a domain where it has none.
std::string host_name();

/// Path of a program that lies beside this one; its bare name, for PATH, where none does.
std::string sibling_program(const std::string& name);

/// The time as "2026-03-01T12:00:00Z".
std::string utc_now();

}  // namespace parlando
