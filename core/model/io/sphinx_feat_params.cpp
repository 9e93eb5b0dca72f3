#include "core/model/io/sphinx_feat_params.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <string_view>

#include "core/base/error.h"
#include "core/model/io/text_lines.h"

namespace hmm {
namespace {

constexpr int kMaximalDimension = 4096;

[[noreturn]] void fail_value(const TextLines& lines, std::string_view option,
                             std::string_view value, const std::string& expected) {
  lines.fail("the option " + std::string(option) + " has the value " + quoted(value) +
             ", expected " + expected);
}

double number(const TextLines& lines, std::string_view option, std::string_view word,
              double minimum, double maximum) {
  const auto value = parse_number(word);
  if (!value || *value < minimum || *value > maximum) {
    fail_value(lines, option, word,
               "a number from " + std::to_string(minimum) + " to " + std::to_string(maximum));
  }
  return *value;
}

int integer(const TextLines& lines, std::string_view option, std::string_view word, int minimum,
            int maximum) {
  const auto value = parse_integer(word, minimum, maximum);
  if (!value) {
    fail_value(lines, option, word,
               "an integer from " + std::to_string(minimum) + " to " + std::to_string(maximum));
  }
  return static_cast<int>(*value);
}

bool boolean(const TextLines& lines, std::string_view option, std::string_view word) {
  if (word == "yes" || word == "true" || word == "1") return true;
  if (word == "no" || word == "false" || word == "0") return false;
  fail_value(lines, option, word, "yes or no");
}

std::string one_of(const TextLines& lines, std::string_view option, std::string_view word,
                   std::initializer_list<std::string_view> allowed) {
  if (std::ranges::find(allowed, word) == allowed.end()) {
    std::string list;
    for (const std::string_view name : allowed)
      list += (list.empty() ? "" : ", ") + std::string(name);
    fail_value(lines, option, word, "one of " + list);
  }
  return std::string(word);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

/// "0-12/13-25/26-38": streams apart by /, their dimensions by comma, runs with -.
std::vector<std::vector<int>> streams(const TextLines& lines, std::string_view option,
                                      std::string_view word) {
  std::vector<std::vector<int>> result;
  for (const std::string_view stream : split(word, '/')) {
    result.emplace_back();
    for (const std::string_view run : split(stream, ',')) {
      const auto ends = split(run, '-');
      const int first = integer(lines, option, ends[0], 0, kMaximalDimension - 1);
      const int last = integer(lines, option, ends.back(), first, kMaximalDimension - 1);
      if (ends.size() > 2) fail_value(lines, option, word, "runs like 0-12");
      for (int dimension = first; dimension <= last; ++dimension) {
        result.back().push_back(dimension);
      }
      if (result.back().size() > kMaximalDimension) {
        fail_value(lines, option, word, "each dimension at most once");
      }
    }
  }
  return result;
}

std::vector<float> vector(const TextLines& lines, std::string_view option, std::string_view word) {
  std::vector<float> values;
  for (const std::string_view part : split(word, ',')) {
    values.push_back(static_cast<float>(number(lines, option, part, -1e6, 1e6)));
  }
  return values;
}

std::string mean_normalisation(const TextLines& lines, std::string_view option,
                               std::string_view word) {
  if (word == "current") return "batch";
  if (word == "prior") return "live";
  return one_of(lines, option, word, {"none", "batch", "live"});
}

void set_option(SphinxFeatureParameters& p, const TextLines& lines, std::string_view option,
                std::string_view word) {
  constexpr double kMaximalFrequency = 1e6;
  const auto frequency = [&] { return number(lines, option, word, 0, kMaximalFrequency); };
  const auto flag = [&] { return boolean(lines, option, word); };
  const auto count = [&](int minimum) {
    return integer(lines, option, word, minimum, kMaximalDimension);
  };
  const std::map<std::string_view, std::function<void()>> options = {
      {"-samprate", [&] { p.sample_rate = number(lines, option, word, 1, kMaximalFrequency); }},
      {"-frate", [&] { p.frame_rate = number(lines, option, word, 1, 10000); }},
      {"-wlen", [&] { p.window_length = number(lines, option, word, 1e-4, 10); }},
      {"-nfft", [&] { p.fft_size = integer(lines, option, word, 0, 1 << 20); }},
      {"-nfilt", [&] { p.filters = count(1); }},
      {"-lowerf", [&] { p.low_frequency = frequency(); }},
      {"-upperf", [&] { p.high_frequency = frequency(); }},
      {"-ncep", [&] { p.coefficients = count(1); }},
      {"-alpha", [&] { p.pre_emphasis = number(lines, option, word, 0, 1); }},
      {"-transform",
       [&] {
         p.transform = one_of(lines, option, word, {"legacy", "dct", "htk"});
       }},
      {"-lifter", [&] { p.lifter = count(0); }},
      {"-unit_area", [&] { p.unit_area = flag(); }},
      {"-round_filters", [&] { p.round_filters = flag(); }},
      {"-doublebw", [&] { p.double_bandwidth = flag(); }},
      {"-remove_dc", [&] { p.remove_dc = flag(); }},
      {"-remove_noise", [&] { p.remove_noise = flag(); }},
      {"-remove_silence", [&] { p.remove_silence = flag(); }},
      {"-dither", [&] { p.dither = flag(); }},
      {"-feat", [&] { p.feature = std::string(word); }},
      {"-svspec", [&] { p.streams = streams(lines, option, word); }},
      {"-agc",
       [&] {
         p.gain_control = one_of(lines, option, word, {"none", "max", "emax", "noise"});
       }},
      {"-cmn", [&] { p.mean_normalisation = mean_normalisation(lines, option, word); }},
      {"-cmninit", [&] { p.initial_mean = vector(lines, option, word); }},
      {"-varnorm", [&] { p.normalise_variance = flag(); }},
  };
  const auto known = options.find(option);
  if (known != options.end()) return known->second();
  for (const std::string_view unsupported :
       {"-lda", "-ldadim", "-warp_params", "-logspec", "-smoothspec"}) {
    if (option == unsupported) {
      lines.fail("the option " + std::string(option) + " changes the features in a way that is " +
                 "not supported");
    }
  }
}

}  // namespace

SphinxFeatureParameters parse_sphinx_feat_params(std::span<const std::byte> bytes,
                                                 const std::string& file) {
  TextLines lines(bytes, file);
  SphinxFeatureParameters parameters;
  while (lines.next()) {
    const auto words = split_words(lines.line());
    if (!words.empty() && words[0].starts_with('#')) continue;
    for (std::size_t i = 0; i < words.size(); i += 2) {
      if (words[i].size() < 2 || words[i][0] != '-') {
        lines.fail("expected an option that starts with -, found " + quoted(words[i]));
      }
      if (i + 1 == words.size()) lines.fail("the option " + quoted(words[i]) + " has no value");
      set_option(parameters, lines, words[i], words[i + 1]);
    }
  }
  if (parameters.low_frequency >= parameters.high_frequency) {
    lines.fail("-lowerf is not below -upperf");
  }
  return parameters;
}

FrontEndConfig sphinx_front_end(const SphinxFeatureParameters& p, const std::string& file) {
  const auto refuse = [&](const std::string& option, const std::string& value) {
    throw ParseError(file, "option " + option, "the front end has no " + quoted(value));
  };
  FrontEndConfig config;
  config.sample_rate = static_cast<int>(std::lround(p.sample_rate));
  config.window_samples = static_cast<int>(p.window_length * p.sample_rate + 0.5);
  config.hop_samples = static_cast<int>(p.sample_rate / p.frame_rate + 0.5);
  config.fft_size = p.fft_size;
  config.remove_dc = p.remove_dc;
  config.pre_emphasis = p.pre_emphasis;
  config.filter_height = p.unit_area ? FilterHeight::unit_area : FilterHeight::unit_peak;
  config.round_edges = p.round_filters;
  if (p.double_bandwidth) refuse("-doublebw", "filters of double width");
  config.bins = p.filters;
  config.low_frequency = p.low_frequency;
  config.high_frequency = p.high_frequency;
  config.noise_removal = p.remove_noise;
  config.coefficients = p.coefficients;
  config.dct = p.transform == "dct"   ? DctKind::orthonormal
               : p.transform == "htk" ? DctKind::htk
                                      : DctKind::legacy;
  config.lifter = p.lifter;
  if (p.gain_control != "none") refuse("-agc", p.gain_control);
  config.normalization = p.mean_normalisation == "batch"  ? NormalizationKind::batch
                         : p.mean_normalisation == "live" ? NormalizationKind::live
                                                          : NormalizationKind::none;
  config.normalize_variance = p.normalise_variance;
  config.initial_mean.assign(p.initial_mean.begin(), p.initial_mean.end());
  config.initial_mean.resize(static_cast<std::size_t>(p.coefficients));
  if (p.feature == "1s_c") {
    config.deltas = DeltaKind::none;
  } else if (p.feature != "1s_c_d_dd") {
    refuse("-feat", p.feature);
  }
  try {
    config.validate();
  } catch (const SettingsError& error) {
    throw ParseError(file, "options", error.what());
  }
  return config;
}

}  // namespace hmm
