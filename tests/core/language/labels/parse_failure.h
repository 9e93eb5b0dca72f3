// Checks what a reader says about a damaged file.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "core/base/error.h"

namespace hmm::testing {

/// The message of the ParseError that reading `content` as file "f" throws; empty when none is.
template <class Reader>
std::string parse_failure(Reader&& reader, std::string_view content) {
  try {
    reader(content, std::string("f"));
  } catch (const ParseError& error) {
    return error.what();
  }
  return {};
}

/// Every beginning of a good file is read or refused with a ParseError: no crash, nothing else.
template <class Reader>
void read_every_beginning(Reader&& reader, std::string_view content) {
  for (std::size_t size = 0; size < content.size(); ++size) {
    parse_failure(reader, content.substr(0, size));
  }
}

}  // namespace hmm::testing
