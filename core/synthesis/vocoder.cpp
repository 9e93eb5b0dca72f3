#include "core/synthesis/vocoder.h"

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/synthesis/line_spectral_pairs.h"

namespace hmm {

namespace {

/// Far above full scale; a filter that gets here is running away.
constexpr double kLoudest = 1e12;

std::size_t n_tap(const Voice& voice) {
  return voice.streams.size() > 2 ? voice.streams[2].dimension : 0;
}

}  // namespace

Vocoder::Vocoder(const Voice& voice, double postfilter)
    : coding_(voice.spectrum),
      excitation_(voice.sample_rate, voice.frame_period, n_tap(voice)),
      postfilter_(voice.spectrum, voice.streams[0].dimension, postfilter),
      from_(voice.streams[0].dimension),
      to_(from_.size()) {
  if (!(postfilter >= 0 && postfilter <= 1)) {
    throw SettingsError("the postfilter's strength must be from 0 to 1");
  }
  const std::size_t order = from_.size() - 1;
  if (coding_.stage == 0) {
    mlsa_.emplace(order, coding_.alpha);
  } else {
    mglsa_.emplace(order, coding_.alpha, coding_.stage);
  }
}

void Vocoder::to_filter(std::span<double> spectrum, std::vector<double>& filter) const {
  if (coding_.stage == 0) {
    mel_cepstrum_to_filter(spectrum, coding_.alpha, filter);
  } else {
    filter = lsp_to_filter(spectrum, coding_);
  }
}

void Vocoder::synthesize(std::span<double> spectrum, double log_f0,
                         std::span<const double> low_pass, std::span<double> samples) {
  // The first frame starts from its own spectrum before the postfilter, as in hts_engine.
  if (first_) to_filter(spectrum, from_);
  first_ = false;
  postfilter_.apply(spectrum);
  if (coding_.stage > 0) separate_lsp(spectrum);
  to_filter(spectrum, to_);

  excitation_.fill(log_f0, low_pass, samples);
  if (mlsa_) {
    mlsa_->run(from_, to_, samples);
  } else {
    mglsa_->run(from_, to_, samples);
  }
  std::swap(from_, to_);
  const bool stable =
      std::all_of(samples.begin(), samples.end(), [](double x) { return std::fabs(x) < kLoudest; });
  if (!stable) throw DataError("the voice's spectra make the synthesis filter unstable");
}

}  // namespace hmm
