// Expects an error and looks at its message.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "core/base/error.h"

namespace hmm::testing {

/// The message of the `E` that `action` throws; a test failure and "" when it does not.
template <class E, class Action>
std::string message_of(const Action& action) {
  try {
    action();
  } catch (const E& error) {
    return error.what();
  } catch (const std::exception& error) {
    ADD_FAILURE() << "another error: " << error.what();
    return "";
  }
  ADD_FAILURE() << "no error";
  return "";
}

/// Replaces the first occurrence.
inline std::string with(std::string text, const std::string& old_part,
                        const std::string& new_part) {
  const std::size_t place = text.find(old_part);
  EXPECT_NE(place, std::string::npos) << old_part;
  return text.replace(place, old_part.size(), new_part);
}

}  // namespace hmm::testing
