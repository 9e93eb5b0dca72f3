// Whether captions come and go when they should.
#pragma once

#include <cstddef>
#include <vector>

#include "core/language/labels/labels.h"

namespace hmm {

/// Times in ms, hypothesis minus reference: above 0 is late.
struct CaptionTiming {
  std::size_t reference = 0;  // captions
  std::size_t hypothesis = 0;
  std::vector<double> onsets;  // of the captions that both have
  std::vector<double> offsets;

  std::size_t missing() const { return reference - onsets.size(); }
  std::size_t extra() const { return hypothesis - onsets.size(); }
  CaptionTiming& operator+=(const CaptionTiming& other);
};

/// Likeness of two texts from 0 to 1: 2 |A and B| / (|A| + |B|) of their words, each as often as it
/// occurs, without regard to case and punctuation (Dice 1945). Two texts without words are alike.
double text_likeness(const std::string& a, const std::string& b);

/// Pairs captions in order so that the sum of their likeness is largest; those less alike than
/// `least_likeness` are not paired, those without words not counted.
/// Throws DataError for labels out of order or above 1e7 pairs of captions.
CaptionTiming compare_captions(const Tier& reference, const Tier& hypothesis,
                               double least_likeness = 0.5);

}  // namespace hmm
