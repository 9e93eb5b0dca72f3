// Labels placed in time: phones, words, captions.
//
// Every label format is read into this form and written from it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hmm {

/// Times are in nanoseconds from the start of the recording.
struct Label {
  int64_t start = 0;
  int64_t end = 0;                   // start <= end; equal for a point in time
  std::string text;                  // UTF-8; empty or a silence symbol where nothing is said
  std::optional<double> confidence;  // 0 to 1

  bool operator==(const Label&) const = default;
};

/// Labels of one kind, in the order of their starts.
struct Tier {
  std::string
      name;  // "word", "phone", ...; for CTM "file channel", for a master label file the file
  std::vector<Label> labels;
  bool points = false;  // the labels mark points, not stretches

  bool operator==(const Tier&) const = default;
};

/// The tiers of one file, and the stretch of time that it describes.
struct Labels {
  int64_t start = 0;
  int64_t end = 0;
  std::vector<Tier> tiers;

  /// The tier of that name, or nullptr.
  const Tier* find(const std::string& name) const;

  bool operator==(const Labels&) const = default;
};

/// Sets `end` to the end of the last label of any tier.
void extend_to_last_label(Labels& labels);

/// Throws DataError, naming the tier and the label, when a label ends before it starts or starts
/// before the one in front of it.
void require_ordered(const Labels& labels);

}  // namespace hmm
