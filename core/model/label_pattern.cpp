#include "core/model/label_pattern.h"

namespace hmm {

LabelPattern::LabelPattern(std::string_view pattern) {
  starts_open_ = pattern.starts_with('*');
  ends_open_ = pattern.ends_with('*');
  while (!pattern.empty()) {
    const std::size_t star = pattern.find('*');
    const std::string_view text = pattern.substr(0, star);
    if (!text.empty()) {
      pieces_.push_back({std::string(text), text.find('?') != std::string_view::npos});
    }
    pattern.remove_prefix(star == std::string_view::npos ? pattern.size() : star + 1);
  }
}

bool LabelPattern::equal(std::string_view label, const Piece& piece) {
  if (!piece.has_wildcard) return label == piece.text;
  for (std::size_t i = 0; i < label.size(); ++i) {
    if (piece.text[i] != '?' && piece.text[i] != label[i]) return false;
  }
  return true;
}

std::size_t LabelPattern::find(std::string_view label, const Piece& piece) {
  if (!piece.has_wildcard) return label.find(piece.text);
  const std::size_t size = piece.text.size();
  for (std::size_t at = 0; at + size <= label.size(); ++at) {
    if (equal(label.substr(at, size), piece)) return at;
  }
  return std::string_view::npos;
}

bool LabelPattern::matches(std::string_view label) const {
  std::size_t first = 0, last = pieces_.size();
  if (last == 0) return starts_open_ || label.empty();
  if (last == 1 && !starts_open_ && !ends_open_) {
    return label.size() == pieces_[0].text.size() && equal(label, pieces_[0]);
  }
  if (!starts_open_) {
    const Piece& piece = pieces_[first++];
    if (label.size() < piece.text.size()) return false;
    if (!equal(label.substr(0, piece.text.size()), piece)) return false;
    label.remove_prefix(piece.text.size());
  }
  if (!ends_open_) {
    const Piece& piece = pieces_[--last];
    if (label.size() < piece.text.size()) return false;
    const std::size_t rest = label.size() - piece.text.size();
    if (!equal(label.substr(rest), piece)) return false;
    label.remove_suffix(piece.text.size());
  }
  // Between the ends the leftmost place for each piece leaves the most room for the next.
  for (; first < last; ++first) {
    const std::size_t at = find(label, pieces_[first]);
    if (at == std::string_view::npos) return false;
    label.remove_prefix(at + pieces_[first].text.size());
  }
  return true;
}

}  // namespace hmm
