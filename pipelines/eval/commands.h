// The commands of hmm-eval: each compares what it is given with the measures of core/metrics.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/language/labels/label_file.h"
#include "core/metrics/bootstrap.h"
#include "core/metrics/boundary_accuracy.h"
#include "core/metrics/cepstral_distortion.h"
#include "core/metrics/f0_error.h"
#include "core/metrics/spectral_distortion.h"
#include "core/metrics/transcripts.h"
#include "pipelines/eval/inputs.h"
#include "pipelines/eval/report.h"

namespace hmm::eval {

struct WordArguments {
  Inputs inputs;
  std::string reference_format;  // trn, stm, ctm, text, labels; empty: by extension
  std::string hypothesis_format;
  std::string tier;  // of labels
  WordOptions words;
  SpeakerRule speaker_rule = SpeakerRule::kUpToDash;
  bool alignments = false;
  std::filesystem::path against;  // another hypothesis, for the bootstrap
  BootstrapOptions bootstrap;
  // hmm-eval calibration only
  std::filesystem::path decisions;
  std::size_t bins = 10;
  std::filesystem::path plot;
};

struct LabelArguments {
  Inputs inputs;
  LabelReading reference_reading;
  LabelReading hypothesis_reading;
  std::string reference_tier;
  std::string hypothesis_tier;
  bool all_tiers = false;
  BoundaryOptions boundaries;
  int64_t frame_period = 10'000'000;  // ns
  double least_likeness = 0.5;
  std::filesystem::path plot;
};

struct SignalArguments {
  Inputs inputs;
  std::size_t dimension = 1;
  CepstralDistortionOptions cepstral;
  F0Scale f0_scale = F0Scale::kHertz;
  std::size_t slack = 0;
  SpectralDistortionOptions spectral;
};

void evaluate_words(const WordArguments& arguments, Report& report);
void evaluate_calibration(const WordArguments& arguments, Report& report);
void evaluate_boundaries(const LabelArguments& arguments, Report& report);
void evaluate_durations(const LabelArguments& arguments, Report& report);
void evaluate_captions(const LabelArguments& arguments, Report& report);
void evaluate_cepstra(const SignalArguments& arguments, Report& report);
void evaluate_f0(const SignalArguments& arguments, Report& report);
void evaluate_spectra(const SignalArguments& arguments, Report& report);
void evaluate_latency(const std::vector<std::filesystem::path>& files, Report& report);

}  // namespace hmm::eval
