// The streaming front end: samples in, feature frames out.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "core/base/matrix.h"
#include "core/frontend/front_end_config.h"

namespace hmm {

/// Push any number of samples, take whole frames, flush at the end.
///
/// The frames are bit-identical however the samples are divided over calls, and whether they come
/// as integers or as the same values in float. Memory is that of one window, the look-ahead and the
/// frames not yet taken (with batch normalization, of the utterance).
class FrontEnd {
 public:
  /// Throws SettingsError as FrontEndConfig::validate does, and when a mel filter covers no FFT
  /// bin.
  explicit FrontEnd(const FrontEndConfig& config);
  ~FrontEnd();
  FrontEnd(FrontEnd&&) noexcept;
  FrontEnd& operator=(FrontEnd&&) noexcept;

  const FrontEndConfig& config() const;

  /// Samples in [-1, 1] (louder ones are taken as they are). Throws DataError, and takes none of
  /// them, when one is NaN, infinite or beyond 10^6; later samples then follow those before. Also
  /// throws DataError when batch normalization is full: then flush() or reset().
  void push(std::span<const float> samples);
  /// 16-bit samples: the same as pushing samples / 32768.
  void push(std::span<const int16_t> samples);

  /// Whole frames waiting to be taken.
  std::size_t ready() const;
  /// Moves the oldest min(ready(), frames.rows) frames to `frames` [T x dimension] and says how
  /// many. Throws DataError when the columns are not the dimension.
  std::size_t take(MutableMatrixView frames);
  /// Takes all frames that are ready.
  Matrix take();

  /// Ends the utterance: what is left comes out, the partial last frame and the look-ahead tail
  /// included. Samples pushed later begin another utterance; of this one only the mean of live
  /// normalization stays.
  void flush();
  /// Forgets everything, frames not taken included.
  void reset();

  /// Frames taken since construction or reset().
  int64_t frames_taken() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace hmm
