#include "core/metrics/caption_timing.h"

#include <algorithm>
#include <string>

#include "core/base/error.h"
#include "core/base/matrix.h"
#include "core/base/utf8.h"

namespace hmm {
namespace {

/// The words of a text in alphabetical order: letters, digits, apostrophes and all that is not
/// ASCII.
std::vector<std::string> sorted_words(const std::string& text) {
  std::vector<std::string> words(1);
  for (const char c : lower_case_utf8(text)) {
    const bool part = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '\'' ||
                      static_cast<unsigned char>(c) >= 0x80;
    if (part) {
      words.back() += c;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  std::sort(words.begin(), words.end());
  return words;
}

double likeness(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  if (a.empty() && b.empty()) return 1;
  std::vector<std::string> shared;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(shared));
  return 2 * static_cast<double>(shared.size()) / static_cast<double>(a.size() + b.size());
}

struct Caption {
  const Label* label;
  std::vector<std::string> words;
};

std::vector<Caption> captions_with_words(const Tier& tier) {
  std::vector<Caption> captions;
  for (const Label& label : tier.labels) {
    Caption caption{&label, sorted_words(label.text)};
    if (!caption.words.empty()) captions.push_back(std::move(caption));
  }
  return captions;
}

double milliseconds(int64_t time) { return static_cast<double>(time) / 1e6; }

}  // namespace

CaptionTiming& CaptionTiming::operator+=(const CaptionTiming& other) {
  reference += other.reference;
  hypothesis += other.hypothesis;
  onsets.insert(onsets.end(), other.onsets.begin(), other.onsets.end());
  offsets.insert(offsets.end(), other.offsets.begin(), other.offsets.end());
  return *this;
}

double text_likeness(const std::string& a, const std::string& b) {
  return likeness(sorted_words(a), sorted_words(b));
}

CaptionTiming compare_captions(const Tier& reference, const Tier& hypothesis,
                               double least_likeness) {
  require_ordered({0, 0, {reference, hypothesis}});
  const auto expected = captions_with_words(reference);
  const auto found = captions_with_words(hypothesis);
  if (static_cast<double>(expected.size()) * static_cast<double>(found.size()) > 1e7) {
    throw DataError("the two have too many captions to compare; cut them");
  }
  // best(i, j): the largest sum of likeness from captions i and j on.
  BasicMatrix<double> best(expected.size() + 1, found.size() + 1);
  BasicMatrix<double> alike(expected.size(), found.size());
  for (std::size_t i = expected.size(); i-- > 0;) {
    for (std::size_t j = found.size(); j-- > 0;) {
      alike(i, j) = likeness(expected[i].words, found[j].words);
      best(i, j) = std::max(best(i + 1, j), best(i, j + 1));
      if (alike(i, j) >= least_likeness) {
        best(i, j) = std::max(best(i, j), best(i + 1, j + 1) + alike(i, j));
      }
    }
  }
  CaptionTiming timing{expected.size(), found.size(), {}, {}};
  for (std::size_t i = 0, j = 0; i < expected.size() && j < found.size();) {
    if (alike(i, j) >= least_likeness && best(i, j) == best(i + 1, j + 1) + alike(i, j)) {
      timing.onsets.push_back(milliseconds(found[j].label->start - expected[i].label->start));
      timing.offsets.push_back(milliseconds(found[j].label->end - expected[i].label->end));
      ++i;
      ++j;
    } else {
      ++(best(i, j) == best(i + 1, j) ? i : j);
    }
  }
  return timing;
}

}  // namespace hmm
