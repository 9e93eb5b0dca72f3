#include "core/model/io/htsvoice.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include "core/base/byte_reader.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/model/io/hts_tree.h"
#include "core/model/io/text_lines.h"

namespace hmm {

namespace {

constexpr unsigned kMaxSampleRate = 384'000;
constexpr unsigned kMaxFramePeriod = 100'000;
constexpr unsigned kMaxStates = 100;
constexpr unsigned kMaxDimension = 1'000;
constexpr unsigned kMaxWindows = 8;
constexpr unsigned kMaxWindowSize = 15;
constexpr unsigned kMaxStage = 16;
constexpr double kMaxCoefficient = 1e6;
constexpr float kMaxVariance = 1e19F;       // beyond it a value would be wholly free
constexpr float kMaxDurationMean = 10'000;  // frames; a state of a minute is no voice

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

/// The KEY:VALUE lines before [DATA], and the bytes after it.
class Header {
 public:
  Header(std::span<const std::byte> bytes, const std::string& file) : file_(file) {
    ByteReader reader(bytes, file);
    for (std::string_view line; (line = reader.read_line("the text header")) != "[DATA]";) {
      if (line == "[GLOBAL]" || line == "[STREAM]" || line == "[POSITION]" || line.empty())
        continue;
      const std::size_t colon = line.find(':');
      if (colon == std::string_view::npos) {
        reader.fail("the header line " + quoted(line) + " is not KEY:VALUE");
      }
      const std::string key(line.substr(0, colon));
      if (!values_.emplace(key, line.substr(colon + 1)).second) {
        reader.fail("the header gives " + hmm::quoted(key) + " twice");
      }
    }
    data_ = bytes.subspan(reader.offset());
    data_offset_ = reader.offset();
  }

  bool has(const std::string& key) const { return values_.contains(key); }
  std::string_view text(const std::string& key) const {
    const auto found = values_.find(key);
    if (found == values_.end()) fail("the header lacks " + key);
    return found->second;
  }
  std::string_view text_or_empty(const std::string& key) const {
    const auto found = values_.find(key);
    return found == values_.end() ? std::string_view() : found->second;
  }
  unsigned number(const std::string& key, unsigned low, unsigned high) const {
    const auto value = parse_integer(text(key), low, high);
    if (!value) {
      fail(key + " is " + quoted(text(key)) + " and must be a number from " + std::to_string(low) +
           " to " + std::to_string(high));
    }
    return static_cast<unsigned>(*value);
  }

  struct Section {
    std::span<const std::byte> bytes;
    std::size_t offset;
    std::string_view as_text() const {
      return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }
  };
  /// The sections that `key` of [POSITION] gives as "start-end,start-end".
  std::vector<Section> sections(const std::string& key) const {
    std::vector<Section> found;
    for (const std::string_view range : split(text(key), ',')) {
      const std::size_t dash = range.find('-');
      const auto position = [](std::string_view digits) {
        return parse_integer(digits, 0, std::numeric_limits<int64_t>::max());
      };
      const auto start = position(range.substr(0, dash));
      const auto end = position(dash == std::string_view::npos ? "" : range.substr(dash + 1));
      if (!start || !end || *start > *end) {
        fail(key + " is " + quoted(text(key)) + ", not a list of START-END");
      }
      const auto first = static_cast<std::size_t>(*start), last = static_cast<std::size_t>(*end);
      if (last >= data_.size()) {
        fail(key + " ends at byte " + std::to_string(last) + " of the data, which has " +
             std::to_string(data_.size()) + " bytes");
      }
      found.push_back({data_.subspan(first, last - first + 1), data_offset_ + first});
    }
    return found;
  }
  Section section(const std::string& key) const {
    const auto found = sections(key);
    if (found.size() != 1) fail(key + " must give one START-END");
    return found[0];
  }
  [[noreturn]] void fail(const std::string& reason) const {
    throw ParseError(file_, "header", reason);
  }
  const std::string& file() const { return file_; }

 private:
  std::string file_;
  std::map<std::string, std::string_view> values_;
  std::span<const std::byte> data_;
  std::size_t data_offset_ = 0;
};

/// A number of densities for each tree, then their values: `n_mean` means, as many variances and,
/// in an MSD stream, the weight of the voiced space.
std::vector<Matrix> read_densities(const Header& header, const std::string& key, std::size_t n_tree,
                                   std::size_t n_mean, bool is_msd) {
  const Header::Section section = header.section(key);
  const std::size_t width = 2 * n_mean + (is_msd ? 1 : 0);
  ByteReader reader(section.bytes, header.file());
  const auto fail = [&](const std::string& reason) {
    throw ParseError::at_byte(header.file(), section.offset + reader.offset(), key + ": " + reason);
  };
  if (n_tree > reader.remaining() / sizeof(uint32_t)) fail("ends within the numbers of densities");
  const std::vector<uint32_t> counts = reader.read_array<uint32_t>(n_tree, "the densities");
  std::vector<Matrix> densities;
  for (const uint32_t count : counts) {
    if (count == 0) fail("a tree has no density");
    if (count > reader.remaining() / sizeof(float) / width) {
      fail("is too short for " + std::to_string(count) + " densities of " + std::to_string(width) +
           " values");
    }
    Matrix rows(count, width);
    const auto values = reader.read_array<float>(count * width, "the densities");
    std::copy(values.begin(), values.end(), rows.data());
    for (std::size_t i = 0; i < count; ++i) {
      const auto row = rows.row(i);
      if (!std::all_of(row.begin(), row.end(), [](float v) { return std::isfinite(v); })) {
        fail("density " + std::to_string(i + 1) + " holds a value that is not finite");
      }
      const auto variances = row.subspan(n_mean, n_mean);
      const auto plausible = [](float v) { return v >= 0 && v < kMaxVariance; };
      if (!std::all_of(variances.begin(), variances.end(), plausible)) {
        fail("density " + std::to_string(i + 1) + " has a variance that is negative or endless");
      }
    }
    densities.push_back(std::move(rows));
  }
  if (reader.remaining() != 0) {
    fail("holds " + std::to_string(reader.remaining()) + " bytes more than its densities need");
  }
  return densities;
}

/// Trees and densities of the sections `name`_TREE and `name`_PDF (with an index such as "[MCP]").
TiedDensities read_tied_densities(const Header& header, const std::string& name,
                                  const std::string& index, std::size_t n_mean, bool is_msd) {
  const std::string tree_key = name + "_TREE" + index;
  const Header::Section section = header.section(tree_key);
  TiedDensities model = read_hts_trees(section.as_text(), header.file(), tree_key);
  model.densities =
      read_densities(header, name + "_PDF" + index, model.trees.size(), n_mean, is_msd);
  check_leaves(model, header.file(), tree_key);
  return model;
}

void check_states(const TiedDensities& model, unsigned n_state, const Header& header,
                  const std::string& what) {
  for (unsigned state = 2; state < n_state + 2; ++state) {
    const bool found = std::any_of(model.trees.begin(), model.trees.end(),
                                   [state](const DecisionTree& t) { return t.state == state; });
    if (!found) header.fail(what + " has no tree for state " + std::to_string(state));
  }
}

DynamicWindow read_window(const Header& header, const Header::Section& section,
                          const std::string& key) {
  const auto fail = [&](const std::string& reason) {
    throw ParseError::at_byte(header.file(), section.offset, key + ": " + reason);
  };
  std::string_view text = section.as_text();
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  const auto words = split_words(text);
  const auto size = words.empty() ? std::nullopt : parse_integer(words[0], 1, kMaxWindowSize);
  if (!size || words.size() != static_cast<std::size_t>(*size) + 1) {
    fail("a window is its size, 1 to " + std::to_string(kMaxWindowSize) +
         ", and as many numbers; found " + quoted(text));
  }
  DynamicWindow window{static_cast<std::size_t>(*size) / 2, {}};
  for (const std::string_view word : std::span(words).subspan(1)) {
    const auto value = parse_number(word);
    if (!value || std::fabs(*value) > kMaxCoefficient) fail(quoted(word) + " is no coefficient");
    window.coefficients.push_back(*value);
  }
  return window;
}

std::vector<DynamicWindow> read_windows(const Header& header, const std::string& key,
                                        unsigned n_window) {
  std::vector<DynamicWindow> windows;
  for (const Header::Section& section : header.sections(key)) {
    windows.push_back(read_window(header, section, key));
  }
  if (windows.size() != n_window) {
    header.fail(key + " gives " + std::to_string(windows.size()) +
                " windows where NUM_WINDOWS is " + std::to_string(n_window));
  }
  if (windows[0].coefficients.size() != 1 || windows[0].coefficients[0] == 0) {
    header.fail(key + ": the first window must be the static one, a single number other than 0");
  }
  return windows;
}

VoiceStream read_stream(const Header& header, std::string name, unsigned n_state) {
  const std::string index = "[" + name + "]";
  VoiceStream stream;
  stream.dimension = header.number("VECTOR_LENGTH" + index, 1, kMaxDimension);
  stream.is_msd = header.number("IS_MSD" + index, 0, 1) == 1;
  stream.windows = read_windows(header, "STREAM_WIN" + index,
                                header.number("NUM_WINDOWS" + index, 1, kMaxWindows));
  stream.densities = read_tied_densities(header, "STREAM", index,
                                         stream.dimension * stream.windows.size(), stream.is_msd);
  check_states(stream.densities, n_state, header, "the stream " + name);
  if (header.number("USE_GV" + index, 0, 1) == 1) {
    stream.global_variance = read_tied_densities(header, "GV", index, stream.dimension, false);
    check_states(*stream.global_variance, 1, header, "the global variance of " + name);
  }
  stream.name = std::move(name);
  return stream;
}

SpectrumCoding read_coding(const Header& header, const std::string& key) {
  SpectrumCoding coding;
  for (const std::string_view option : split(header.text_or_empty(key), ',')) {
    const std::size_t equals = std::min(option.find('='), option.size());
    const std::string_view name = option.substr(0, equals);
    const auto value = parse_number(option.substr(std::min(equals + 1, option.size())));
    const auto need = [&](bool good, const std::string& range) {
      if (!good) header.fail(key + ": " + std::string(name) + " must be " + range);
    };
    if (name == "ALPHA") {
      need(value && *value >= 0 && *value < 1, "at least 0 and below 1");
      coding.alpha = *value;
    } else if (name == "GAMMA") {
      need(value && *value >= 0 && *value <= kMaxStage && std::floor(*value) == *value,
           "a whole number from 0 to " + std::to_string(kMaxStage));
      coding.stage = static_cast<unsigned>(*value);
    } else if (name == "LN_GAIN") {
      need(value && (*value == 0 || *value == 1), "0 or 1");
      coding.log_gain = *value == 1;
    }
  }
  return coding;
}

void check_streams(const Voice& voice, const Header& header) {
  const auto need = [&](bool good, const std::string& reason) {
    if (!good) header.fail(reason);
  };
  need(!voice.streams[0].is_msd && voice.streams[0].dimension > 1,
       "the first stream must hold spectra of two or more coefficients, not an MSD");
  need(voice.streams[1].is_msd && voice.streams[1].dimension == 1,
       "the second stream must hold log F0: an MSD of one dimension");
  if (voice.streams.size() < 3) return;
  need(!voice.streams[2].is_msd && voice.streams[2].dimension % 2 == 1,
       "the third stream must hold the taps of a low-pass filter, an odd number of them");
}

void check_durations(const TiedDensities& durations, unsigned n_state, const Header& header) {
  for (const Matrix& rows : durations.densities) {
    for (std::size_t i = 0; i < rows.rows(); ++i) {
      const auto row = rows.row(i);
      const bool good =
          std::all_of(row.begin(), row.begin() + n_state,
                      [](float mean) { return std::fabs(mean) <= kMaxDurationMean; }) &&
          std::all_of(row.begin() + n_state, row.end(),
                      [](float variance) { return variance > 0; });
      if (!good) {
        header.fail("density " + std::to_string(i + 1) +
                    " of the durations is implausible: means must be below " +
                    std::to_string(static_cast<int>(kMaxDurationMean)) +
                    " frames and variances above 0");
      }
    }
  }
}

/// "pattern","pattern": what stands between quotes.
std::vector<LabelPattern> read_pattern_list(std::string_view text) {
  std::vector<LabelPattern> patterns;
  while (true) {
    const std::size_t first = text.find('"');
    if (first == std::string_view::npos) return patterns;
    text.remove_prefix(first + 1);
    const std::size_t last = std::min(text.find('"'), text.size());
    patterns.emplace_back(text.substr(0, last));
    text.remove_prefix(std::min(last + 1, text.size()));
  }
}

}  // namespace

Voice read_htsvoice(std::span<const std::byte> bytes, const std::string& file) {
  const Header header(bytes, file);
  if (header.text("HTS_VOICE_VERSION") != "1.0") {
    header.fail("HTS_VOICE_VERSION must be 1.0");
  }
  Voice voice;
  voice.file = file;
  voice.sample_rate = header.number("SAMPLING_FREQUENCY", 1, kMaxSampleRate);
  voice.frame_period = header.number("FRAME_PERIOD", 1, kMaxFramePeriod);
  voice.n_state = header.number("NUM_STATES", 1, kMaxStates);
  voice.label_format = header.text_or_empty("FULLCONTEXT_FORMAT");
  voice.label_version = header.text_or_empty("FULLCONTEXT_VERSION");
  voice.comment = header.text_or_empty("COMMENT");
  voice.gv_off_contexts = read_pattern_list(header.text_or_empty("GV_OFF_CONTEXT"));

  const auto names = split(header.text("STREAM_TYPE"), ',');
  if (names.size() != header.number("NUM_STREAMS", 2, 3)) {
    header.fail("STREAM_TYPE names " + std::to_string(names.size()) +
                " streams where NUM_STREAMS is " + std::string(header.text("NUM_STREAMS")));
  }
  voice.durations = read_tied_densities(header, "DURATION", "", voice.n_state, false);
  check_states(voice.durations, 1, header, "the duration model");
  check_durations(voice.durations, voice.n_state, header);
  for (const std::string_view name : names) {
    voice.streams.push_back(read_stream(header, std::string(name), voice.n_state));
  }
  check_streams(voice, header);
  voice.spectrum = read_coding(header, "OPTION[" + voice.streams[0].name + "]");
  return voice;
}

Voice load_htsvoice(const std::filesystem::path& path) {
  const MappedFile file(path);
  return read_htsvoice(file.bytes(), path.string());
}

}  // namespace hmm
