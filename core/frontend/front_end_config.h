// What turns samples into feature frames: every setting of the front end, and the presets of the
// systems whose features it reproduces.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hmm {

/// How the stream of samples is cut into frames (n samples, window W, hop H).
enum class Framing {
  whole,     ///< Frame t starts at t*H; only frames whose W samples exist (Kaldi, HTK).
  partial,   ///< The same, and one last frame from what is left, completed by zeros (Sphinx).
  centred,   ///< The middle of frame t is sample t*H; zeros beyond both ends (librosa).
  mirrored,  ///< The middle is t*H + H/2; the signal is reflected at both ends (Kaldi, snip-edges
             ///< off).
};

enum class WindowShape { hamming, hann, hann_periodic, povey, rectangular };

/// y[n] = x[n] - a x[n-1].
enum class PreEmphasisKind {
  carried,    ///< Over the whole stream, starting from x[-1] = 0 (Sphinx).
  per_frame,  ///< In each frame alone, with x[-1] = x[0] (HTK, Kaldi).
};

enum class SpectrumKind { power, magnitude };
enum class MelScale { htk, slaney };

/// Where the sides of a filter are straight lines.
enum class FilterDomain { hertz, mel };

enum class FilterHeight {
  unit_peak,  ///< Height 1.
  unit_area,  ///< Height 2 / (right edge - left edge), in 1/Hz.
};

enum class LogKind { natural, decibel };

enum class LogFloorKind {
  added,    ///< log(m + floor)
  minimum,  ///< log(max(m, floor))
};

/// c[k] = scale(k) * sum over the N log-mel bins m[j] of cos(pi k (j + 1/2) / N) m[j].
enum class DctKind {
  orthonormal,  ///< scale sqrt(2/N), and sqrt(1/N) for k = 0 (Sphinx "dct", Kaldi).
  htk,          ///< scale sqrt(2/N) for every k.
  legacy,       ///< scale 1/N and the first bin halved (Sphinx "legacy").
};

enum class ZerothCoefficient { first, last, omitted };

enum class EnergyKind {
  none,
  /// The natural log of the frame's sum of squares after DC removal, before pre-emphasis and
  /// window. It takes the place of coefficient 0, or comes before the bins of a log-mel layout.
  log_energy,
};

enum class DeltaKind {
  none,
  regression,  ///< sum_k k (c[t+k] - c[t-k]) / (2 sum_k k^2), again for each higher order.
  sphinx,      ///< 1s_c_d_dd: see deltas.h.
};

enum class NormalizationKind {
  none,
  batch,  ///< By the mean of the whole utterance: nothing comes out before the flush.
  live,   ///< By a mean that starts at `initial_mean` and follows the stream in steps, as Sphinx's.
  recursive,  ///< By a mean that starts at `initial_mean` and moves with every frame.
};

inline bool starts_from_initial_mean(NormalizationKind kind) {
  return kind == NormalizationKind::live || kind == NormalizationKind::recursive;
}

enum class FeatureLayout { logmel, mfcc };

/// A plain value; `FrontEndConfig()` is `preset("sphinx")`. Change any field after taking a preset.
struct FrontEndConfig {
  int sample_rate = 16000;  ///< Hz.
  /// What a full-scale sample (1.0, or 32768 as an integer) becomes: 32768 in Sphinx, HTK, Kaldi.
  double input_scale = 32768;

  Framing framing = Framing::partial;
  int window_samples = 410;
  int hop_samples = 160;
  int fft_size = 0;  ///< 0: the smallest power of two that holds the window.
  WindowShape window = WindowShape::hamming;

  bool remove_dc = false;  ///< Each frame's mean; after a carried pre-emphasis, before the other.
  double pre_emphasis = 0.97;
  PreEmphasisKind pre_emphasis_kind = PreEmphasisKind::carried;

  SpectrumKind spectrum = SpectrumKind::power;
  MelScale mel_scale = MelScale::htk;
  FilterDomain filter_domain = FilterDomain::hertz;
  FilterHeight filter_height = FilterHeight::unit_area;
  bool round_edges = true;  ///< Filter edges moved to the nearest FFT bin.
  int bins = 25;
  double low_frequency = 130;    ///< Hz.
  double high_frequency = 6800;  ///< Hz.
  bool noise_removal = false;    ///< Sphinx's, on the mel spectrum: see noise_removal.h.

  LogKind log = LogKind::natural;
  double log_floor = 1e-4;
  LogFloorKind log_floor_kind = LogFloorKind::added;

  int coefficients = 13;  ///< Cepstral coefficients in a frame, c0 included; 0 stops at log-mel.
  DctKind dct = DctKind::orthonormal;
  double lifter = 22;  ///< c[k] *= 1 + lifter/2 sin(pi k / lifter); 0: none.
  ZerothCoefficient zeroth = ZerothCoefficient::first;
  EnergyKind energy = EnergyKind::none;

  NormalizationKind normalization = NormalizationKind::none;
  bool normalize_variance = false;  ///< Batch only.
  bool skip_negative_first = true;  ///< Frames whose first value is below 0 do not enter the mean.
  /// Live: the mean at the start [static dimension], or empty for zeros (Sphinx's cmninit).
  std::vector<double> initial_mean = {41.00, -5.29, -0.12, 5.09,  2.48,  -4.07, -1.37,
                                      -1.78, -5.08, -2.05, -6.45, -1.42, 1.17};

  DeltaKind deltas = DeltaKind::sphinx;
  int delta_order = 2;   ///< Regression: 1 adds first differences, 2 second ones too, up to 3.
  int delta_window = 2;  ///< Regression: frames to each side.

  /// Throws SettingsError, one sentence that names the field, when the fields cannot work together.
  void validate() const;

  FeatureLayout layout() const;
  /// Values in a frame before the deltas are added.
  int static_dimension() const;
  /// Values in a frame.
  int dimension() const;
  /// The FFT's size when fft_size is 0, else fft_size.
  int resolved_fft_size() const;
  /// Where the first sample of frame 0 lies: 0, or negative when frames are centred.
  int first_frame_start() const;
  /// Frames that must follow a frame before it comes out (deltas only).
  int look_ahead_frames() const;
  /// Samples after sample t*hop that must have come before frame t comes out.
  int64_t latency_samples() const;
  /// The boundary before frame t lies at sample t*hop + label_offset_samples(): (window - hop)/2,
  /// and 0 when frames are centred.
  double label_offset_samples() const;

  /// The same front end stopped before normalization and deltas; FeatureTransform does the rest.
  FrontEndConfig static_part() const;

  /// Every field in one object; from_json takes absent fields from the sphinx preset and throws
  /// SettingsError for an unknown name or a value that cannot be.
  std::string to_json() const;
  static FrontEndConfig from_json(std::string_view json);

  /// A canonical short text of the fields that feature caps do not carry by themselves (all but
  /// sample rate, hop, layout and dimension). Equal digests and caps mean equal features.
  std::string digest() const;

  bool operator==(const FrontEndConfig&) const = default;
};

/// sphinx, sphinx-denoise, kaldi-fbank, kaldi-mfcc, htk or librosa, for a sample rate: durations
/// and upper frequencies are fitted to it. Throws SettingsError for another name.
///
/// sphinx has the parameters of CMU's en-us model (feat.params). kaldi-* are Kaldi's defaults
/// without dither; htk is the HTK book's MFCC_0_D_A; librosa is power_to_db(melspectrogram) with
/// its defaults and no top_db.
FrontEndConfig preset(std::string_view name, int sample_rate = 16000);
std::span<const std::string_view> preset_names();

}  // namespace hmm
