#include "core/synthesis/speech_synthesizer.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/error.h"

namespace hmm {

namespace {

constexpr uint64_t kMostFramesAtOnce = uint64_t{1} << 18;
constexpr std::size_t kLongestLookAhead = 10'000;
constexpr double kTicksPerSecond = 1e7;

double frames_per_tick(const Voice& voice) {
  return voice.sample_rate / (voice.frame_period * kTicksPerSecond);
}

ContextFormat format_of(const Voice& voice) {
  if (voice.label_format == "HTS_TTS_ENG") return ContextFormat::kEnglish;
  if (voice.label_format == "HTS_TTS_JPN") return ContextFormat::kJapanese;
  return ContextFormat::kUnknown;
}

const char* name_of(ContextFormat format) {
  return format == ContextFormat::kEnglish ? "English" : "Japanese";
}

}  // namespace

SpeechSynthesizer::SpeechSynthesizer(VoiceBlend blend, SynthesisSettings settings)
    : blend_(std::move(blend)), settings_(settings) {
  check(settings_.generation);
  if (!(std::isfinite(settings_.volume) && settings_.volume >= 0 && settings_.volume <= 1000)) {
    throw SettingsError("the volume must be from 0 to 1000");
  }
  if (settings_.look_ahead.value_or(0) > kLongestLookAhead) {
    throw SettingsError("the look-ahead must be at most " + std::to_string(kLongestLookAhead) +
                        " frames");
  }
  reset();
}

void SpeechSynthesizer::reset() {
  planner_.emplace(settings_.speaking_rate, settings_.durations_from_times
                                                ? std::optional<double>(frames_per_tick(voice()))
                                                : std::nullopt);
  vocoder_.emplace(voice(), settings_.postfilter);
  if (settings_.look_ahead) {
    streaming_.emplace(blend_, settings_.generation, *settings_.look_ahead);
  }
  waiting_.clear();
  timings_.clear();
  utterance_.clear();
  durations_.clear();
  parameters_ = {};
  n_label_ = n_frame_ = next_frame_ = 0;
  finished_ = false;
}

void SpeechSynthesizer::check_label(const FullContextLabel& label,
                                    const LabelStatistics& statistics) const {
  if (!settings_.check_labels) return;
  const ContextFormat made_for = format_of(voice()), is = label_format(label.context);
  if (made_for != ContextFormat::kUnknown && is != ContextFormat::kUnknown && made_for != is) {
    throw DataError("the label \"" + label.context + "\" is " + name_of(is) + ", and the voice " +
                    voice().file + " speaks " + name_of(made_for) + " labels");
  }
  if (is == ContextFormat::kUnknown && !statistics.matched) {
    throw DataError("no question of the voice " + voice().file + " knows anything of the label \"" +
                    label.context + "\"");
  }
}

void SpeechSynthesizer::push(const FullContextLabel& label) {
  if (finished_) reset();
  LabelStatistics statistics = blend_.look_up(label.context);
  check_label(label, statistics);
  shift_pitch(statistics, settings_.generation.pitch);
  ++n_label_;
  std::vector<uint32_t> durations;
  if (streaming_ || settings_.durations_from_times) durations = planner_->add(label, statistics);
  if (streaming_) {
    waiting_.push_back({label.context, std::move(statistics)});
    schedule(durations);
  } else {
    waiting_.push_back({label.context, {}});
    utterance_.push_back(std::move(statistics));
    durations_.insert(durations_.end(), durations.begin(), durations.end());
  }
}

void SpeechSynthesizer::schedule(const std::vector<uint32_t>& durations) {
  const std::size_t n_state = voice().n_state;
  for (std::size_t first = 0; first < durations.size(); first += n_state) {
    const std::span<const uint32_t> states(&durations[first], n_state);
    WaitingLabel label = std::move(waiting_.front());
    waiting_.pop_front();
    if (streaming_) streaming_->push(std::move(label.statistics), states, label.context);
    timings_.push_back({std::move(label.context), n_frame_, {states.begin(), states.end()}});
    n_frame_ = std::accumulate(states.begin(), states.end(), n_frame_);
  }
}

void SpeechSynthesizer::finish() {
  if (n_label_ == 0) throw DataError("there is no label to speak");
  if (streaming_) {
    schedule(planner_->finish());
    streaming_->finish();
  } else {
    generate_utterance();
  }
  finished_ = true;
}

void SpeechSynthesizer::generate_utterance() {
  if (settings_.durations_from_times) {
    const auto rest = planner_->finish();
    durations_.insert(durations_.end(), rest.begin(), rest.end());
  } else {
    durations_ = DurationPlanner::at_rate(utterance_, settings_.speaking_rate);
  }
  const uint64_t total = std::accumulate(durations_.begin(), durations_.end(), uint64_t{0});
  if (total > kMostFramesAtOnce) {
    throw DataError("the utterance is " + std::to_string(total) + " frames long, and at most " +
                    std::to_string(kMostFramesAtOnce) +
                    " can be spoken at once; use a look-ahead or cut it at its pauses");
  }
  parameters_ = generate_parameters(blend_, utterance_, durations_, waiting_.front().context,
                                    settings_.generation);
  schedule(durations_);
  utterance_.clear();
}

bool SpeechSynthesizer::next_parameters(ParameterFrame& frame) {
  if (streaming_) return streaming_->next(frame);
  if (next_frame_ == parameters_.log_f0.size()) return false;
  const auto spectrum = parameters_.spectrum.row(next_frame_);
  frame.spectrum.assign(spectrum.begin(), spectrum.end());
  frame.log_f0 = parameters_.log_f0[next_frame_];
  if (!parameters_.low_pass.empty()) {
    const auto low_pass = parameters_.low_pass.row(next_frame_);
    frame.low_pass.assign(low_pass.begin(), low_pass.end());
  }
  ++next_frame_;
  return true;
}

bool SpeechSynthesizer::next(SpeechFrame& frame) {
  if (!next_parameters(frame.parameters)) return false;
  frame.samples.resize(voice().frame_period);
  vocoder_->synthesize(frame.parameters.spectrum, frame.parameters.log_f0,
                       frame.parameters.low_pass, frame.samples);
  for (double& sample : frame.samples) sample *= settings_.volume;
  return true;
}

std::optional<LabelTiming> SpeechSynthesizer::next_timing() {
  if (timings_.empty()) return std::nullopt;
  LabelTiming timing = std::move(timings_.front());
  timings_.pop_front();
  return timing;
}

}  // namespace hmm
