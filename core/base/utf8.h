// Text in UTF-8 (RFC 3629).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hmm {

/// Offset of the first byte that is not part of a well-formed character (overlong forms, surrogates
/// and values past U+10FFFF are not), or npos when the whole text is well-formed.
std::size_t find_invalid_utf8(std::string_view text);

/// The characters of a well-formed text, as views of it.
std::vector<std::string_view> utf8_characters(std::string_view text);

void append_utf8(std::string& text, char32_t character);

/// Simple lower case of every character (Unicode's one-to-one mapping, the same in every locale).
/// The text must be well-formed.
std::string lower_case_utf8(std::string_view text);

}  // namespace hmm
