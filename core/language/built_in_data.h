// The language tables that are compiled into the library (see embed.py).
#pragma once

#include <span>
#include <string_view>

namespace hmm {

struct BuiltInTable {
  std::string_view language;
  std::string_view name;
  std::string_view text;
};

std::span<const BuiltInTable> built_in_tables();

}  // namespace hmm
