// How far a fundamental frequency contour is from a reference.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace hmm {

/// What the values of a track mean.
enum class F0Scale {
  kHertz,    // 0 or less where unvoiced
  kLogHertz  // natural log; 0 or less where unvoiced (SPTK and HTS write -1e10)
};

/// Frames of two contours side by side: Hz, 0 where unvoiced.
struct F0Frames {
  std::vector<double> reference;
  std::vector<double> hypothesis;

  F0Frames& operator+=(const F0Frames& other);
};

struct F0Error {
  std::size_t frames = 0;
  std::size_t voiced_in_both = 0;
  /// Share of frames that are voiced in one of the two only.
  double voicing_error = 0;
  std::size_t false_voiced = 0;    // voiced in the hypothesis only
  std::size_t false_unvoiced = 0;  // voiced in the reference only
  // Over the frames voiced in both; 0 when there are none.
  double rmse_hertz = 0;  // sqrt(mean (f - g)^2)
  double rmse_log = 0;    // sqrt(mean (ln f - ln g)^2)
  double rmse_cents = 0;  // 1200 / ln 2 times that
  double bias_hertz = 0;  // mean (hypothesis - reference)
  double correlation = 0;
  double gross_error = 0;  // share that is more than 20 % off
};

/// Pairs two tracks frame by frame. Lengths may differ by `slack` frames, the longer one's end is
/// cut; more is a DataError.
F0Frames pair_f0(std::span<const float> reference, std::span<const float> hypothesis, F0Scale scale,
                 std::size_t slack = 0);

/// Throws DataError for no frames.
F0Error measure_f0(const F0Frames& frames);

}  // namespace hmm
