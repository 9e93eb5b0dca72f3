// Patterns over full-context labels, as the questions of HTS decision trees use them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hmm {

/// A pattern in which `*` stands for any run of characters and `?` for exactly one; everything else
/// stands for itself. It is cut at its stars once, so that matching is a handful of substring
/// searches: `*-aa+*` is one search, `pau^*` one comparison.
class LabelPattern {
 public:
  explicit LabelPattern(std::string_view pattern);

  /// Does the pattern cover the whole label?
  bool matches(std::string_view label) const;

 private:
  struct Piece {
    std::string text;
    bool has_wildcard = false;
  };
  static bool equal(std::string_view label, const Piece& piece);
  static std::size_t find(std::string_view label, const Piece& piece);

  std::vector<Piece> pieces_;  // The runs between stars, none empty.
  bool starts_open_ = false;   // Begins with a star.
  bool ends_open_ = false;     // Ends with a star.
};

}  // namespace hmm
