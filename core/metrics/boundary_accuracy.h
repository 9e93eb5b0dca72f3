// How well the boundaries of an alignment or segmentation agree with a reference.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/language/labels/labels.h"
#include "core/metrics/statistics.h"

namespace hmm {

/// Where two labels of a tier meet, or where one meets a stretch without a label, which counts as
/// silence.
struct Boundary {
  int64_t time = 0;         // ns
  bool at_silence = false;  // one side is silence
  std::size_t left = 0;     // index of the label before, size() of the tier for none
  std::size_t right = 0;    // likewise after
};

/// Which labels mean silence; compared without regard to the case of ASCII letters.
std::vector<std::string> default_silences();
bool is_silence(const std::string& label, std::span<const std::string> silences);

/// The boundaries inside a tier, in order: not its first start nor its last end, and none between
/// two stretches of silence.
std::vector<Boundary> boundaries_of(const Tier& tier, std::span<const std::string> silences);

/// Boundaries as a detection task.
struct BoundaryDetection {
  std::size_t reference = 0;
  std::size_t hypothesis = 0;
  std::size_t hits = 0;  // pairs not further apart than the tolerance, each boundary in at most one

  double precision() const;  // hits / hypothesis; 1 when both are 0
  double recall() const;
  double f1() const;  // harmonic mean of the two
  /// 1 - (|r1| + |r2|) / 2, r1 = sqrt((1 - R)^2 + O^2), r2 = (R - 1 - O) / sqrt 2, with recall R
  /// and over-segmentation O = hypothesis / reference - 1 (Rasanen et al. 2009): unlike F1 it
  /// punishes hits bought by too many boundaries.
  double r_value() const;

  BoundaryDetection& operator+=(const BoundaryDetection& other);
};

/// The largest possible number of hits. Both lists are sorted; times in ns.
BoundaryDetection detect_boundaries(std::span<const int64_t> reference,
                                    std::span<const int64_t> hypothesis, int64_t tolerance);

/// Errors of the boundaries that both tiers have: those between labels that align with two labels
/// in a row of the hypothesis. Errors are hypothesis minus reference in ms.
struct BoundaryErrors {
  std::size_t boundaries = 0;  // of the reference
  std::vector<double> errors;  // of those that the hypothesis has too

  /// Share of the reference's boundaries that the hypothesis has within `tolerance` ms.
  double share_within(double tolerance) const;
  Statistics signed_errors() const { return describe(errors); }
  double median_absolute() const;

  BoundaryErrors& operator+=(const BoundaryErrors& other);
};

struct BoundaryOptions {
  int64_t tolerance = 20'000'000;  // ns, of the detection
  std::vector<std::string> silences = default_silences();
};

struct BoundaryScores {
  BoundaryDetection detection;
  BoundaryErrors errors;

  BoundaryScores& operator+=(const BoundaryScores& other);
};

struct BoundaryReport {
  BoundaryScores all;
  BoundaryScores speech;   // between two sounds
  BoundaryScores silence;  // where one side is silence

  BoundaryReport& operator+=(const BoundaryReport& other);
};

/// Throws SettingsError for a tolerance below 0, DataError for labels out of order.
BoundaryReport compare_boundaries(const Tier& reference, const Tier& hypothesis,
                                  const BoundaryOptions& options = {});

}  // namespace hmm
