#include "core/base/error.h"

namespace hmm {

ParseError::ParseError(const std::string& file, const std::string& place, const std::string& reason)
    : Error(file + ": " + place + ": " + reason) {}

ParseError ParseError::at_byte(const std::string& file, uint64_t offset,
                               const std::string& reason) {
  return {file, "byte " + std::to_string(offset), reason};
}

ParseError ParseError::at_line(const std::string& file, uint64_t line, const std::string& reason) {
  return {file, "line " + std::to_string(line), reason};
}

}  // namespace hmm
