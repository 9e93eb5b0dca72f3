// What can go wrong in core, by what the user can do about it.
//
// Every message is a sentence in the user's words; elements and applications show it unchanged.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace hmm {

class Error : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A file (or a device) that was asked for is not there or cannot be opened.
class NotFoundError : public Error {
  using Error::Error;
};

/// Parameters that are out of range or contradict each other.
class SettingsError : public Error {
  using Error::Error;
};

/// Input that cannot be worked on: NaN samples, a dimension that does not fit the model.
class DataError : public Error {
  using Error::Error;
};

/// A file whose content breaks its format. The message reads "FILE: PLACE: REASON".
class ParseError : public Error {
 public:
  ParseError(const std::string& file, const std::string& place, const std::string& reason);

  static ParseError at_byte(const std::string& file, uint64_t offset, const std::string& reason);
  static ParseError at_line(const std::string& file, uint64_t line, const std::string& reason);
};

}  // namespace hmm
