// Generates .htsvoice files of a few kilobytes: seeds for mutation, and kinds of voice that are not
// to be had (line spectral pairs).
#pragma once

#include <cstdint>
#include <cstring>
#include <functional>
#include <numbers>
#include <random>
#include <string>
#include <vector>

namespace hmm::testing {

struct SmallVoice {
  unsigned n_state = 3;
  unsigned dimension = 9;  // of the spectrum
  unsigned stage = 0;      // 0: mel-cepstrum, else LSP
  bool log_gain = false;
  bool low_pass = false;
  bool global_variance = true;
  std::string delta_window = "3 -0.5 0.0 0.5\n";
  std::string format = "";  // FULLCONTEXT_FORMAT

  std::string bytes() const;
};

inline const char* const kSmallLabels =
    "x^x-sil+a=b@x/A:0/E:1-2\n"
    "x^sil-a+b=a@x/A:1/E:1-2\n"
    "sil^a-b+a=sil@x/A:2/E:1-3\n"
    "a^b-a+sil=x@x/A:3/E:1-3\n"
    "b^a-sil+x=x@x/A:0/E:1-3\n";

namespace small_voice {

/// Three leaves: `sil`, phones `a` of the first kind, all others.
inline std::string trees(unsigned n_state, const std::string& name) {
  std::string text =
      "QS C-sil { \"*-sil+*\" }\nQS C-a { \"*-a+*\",\"*-?a+*\" }\n"
      "QS L-x { \"x^*\" }\nQS End-3 { \"*-3\" }\n\n";
  for (unsigned s = 2; s < n_state + 2; ++s) {
    const std::string leaf = "\"" + name + "_s" + std::to_string(s) + "_";
    text += "{*}[" + std::to_string(s) + "]\n{\n 0 C-sil -1 " + leaf + "1\"\n -1 C-a " + leaf +
            "2\" -2\n -2 End-3 " + leaf + "3\" " + leaf + "4\"\n}\n";
  }
  return text;
}
inline constexpr unsigned kLeaves = 4;

inline void append(std::string& bytes, float value) {
  char raw[sizeof value];
  std::memcpy(raw, &value, sizeof value);
  bytes.append(raw, sizeof value);
}

/// `fill` appends one density; it is given the state and the leaf.
inline std::string densities(unsigned n_tree,
                             const std::function<void(std::string&, unsigned, unsigned)>& fill) {
  std::string bytes;
  for (unsigned t = 0; t < n_tree; ++t) bytes += std::string("\x04\0\0\0", 4);
  for (unsigned t = 0; t < n_tree; ++t) {
    for (unsigned leaf = 0; leaf < kLeaves; ++leaf) fill(bytes, t, leaf);
  }
  return bytes;
}

}  // namespace small_voice

inline std::string SmallVoice::bytes() const {
  using small_voice::append;
  std::mt19937 random(7);
  const auto uniform = [&random](double low, double high) {
    return static_cast<float>(low + (high - low) * static_cast<double>(random()) / 4294967296.0);
  };
  struct Stream {
    std::string name;
    unsigned dimension, n_window;
    bool msd, gv;
  };
  std::vector<Stream> streams = {{"MCP", dimension, 3, false, global_variance},
                                 {"LF0", 1, 3, true, global_variance}};
  if (low_pass) streams.push_back({"LPF", 5, 1, false, false});

  std::string data, positions;
  const auto section = [&](const std::string& key, const std::vector<std::string>& parts) {
    positions += key + ":";
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (i > 0) positions += ",";
      positions +=
          std::to_string(data.size()) + "-" + std::to_string(data.size() + parts[i].size() - 1);
      data += parts[i];
    }
    positions += "\n";
  };
  section("DURATION_PDF", {small_voice::densities(1, [&](std::string& out, unsigned, unsigned) {
            for (unsigned i = 0; i < n_state; ++i) append(out, uniform(2, 14));
            for (unsigned i = 0; i < n_state; ++i) append(out, uniform(0.5, 9));
          })});
  section("DURATION_TREE", {small_voice::trees(1, "dur")});
  const std::vector<std::string> windows = {"1 1.0\n", delta_window, "3 1.0 -2.0 1.0\n"};
  for (const Stream& s : streams) {
    section("STREAM_WIN[" + s.name + "]", {windows.begin(), windows.begin() + s.n_window});
  }
  const auto static_mean = [&](const Stream& s, unsigned d, unsigned leaf) -> float {
    if (s.name == "LF0") return uniform(4.6, 5.4);
    if (s.name == "LPF") return d == s.dimension / 2 ? uniform(0.4, 0.7) : uniform(0.05, 0.15);
    if (stage == 0) return d == 0 ? uniform(3, 6) : uniform(-0.3, 0.3);
    if (d == 0) return log_gain ? uniform(3, 5) : uniform(20, 150);
    const double spacing = std::numbers::pi / s.dimension;
    return static_cast<float>(spacing * d) + uniform(-0.3 * spacing, 0.3 * spacing) +
           0.01F * static_cast<float>(leaf);
  };
  for (const Stream& s : streams) {
    section("STREAM_PDF[" + s.name + "]",
            {small_voice::densities(n_state, [&](std::string& out, unsigned, unsigned leaf) {
              const unsigned width = s.dimension * s.n_window;
              for (unsigned i = 0; i < width; ++i) {
                append(out, i < s.dimension ? static_mean(s, i, leaf) : uniform(-0.01, 0.01));
              }
              for (unsigned i = 0; i < width; ++i) append(out, uniform(0.001, 0.05));
              if (s.msd) append(out, leaf == 3 ? 0.1F : uniform(0.6, 0.99));
            })});
  }
  for (const Stream& s : streams) {
    section("STREAM_TREE[" + s.name + "]", {small_voice::trees(n_state, s.name)});
  }
  for (const Stream& s : streams) {
    if (!s.gv) continue;
    section("GV_PDF[" + s.name + "]",
            {small_voice::densities(1, [&](std::string& out, unsigned, unsigned) {
              for (unsigned i = 0; i < s.dimension; ++i) append(out, uniform(0.01, 0.05));
              for (unsigned i = 0; i < s.dimension; ++i) append(out, uniform(0.5, 2));
            })});
    section("GV_TREE[" + s.name + "]", {small_voice::trees(1, "gv")});
  }

  std::string names, options;
  for (const Stream& s : streams) {
    const std::string index = "[" + s.name + "]:";
    if (!names.empty()) names += ",";
    names += s.name;
    options += "VECTOR_LENGTH" + index + std::to_string(s.dimension) + "\n" + "IS_MSD" + index +
               (s.msd ? "1" : "0") + "\n" + "NUM_WINDOWS" + index + std::to_string(s.n_window) +
               "\n" + "USE_GV" + index + (s.gv ? "1" : "0") + "\n" + "OPTION" + index;
    if (s.name == "MCP") {
      options += "ALPHA=0.42";
      if (stage > 0) options += ",GAMMA=" + std::to_string(stage);
      if (stage > 0) options += ",LN_GAIN=" + std::to_string(log_gain ? 1 : 0);
    }
    options += "\n";
  }
  return "[GLOBAL]\nHTS_VOICE_VERSION:1.0\nSAMPLING_FREQUENCY:16000\nFRAME_PERIOD:80\nNUM_STATES:" +
         std::to_string(n_state) + "\nNUM_STREAMS:" + std::to_string(streams.size()) +
         "\nSTREAM_TYPE:" + names + "\nFULLCONTEXT_FORMAT:" + format +
         "\nFULLCONTEXT_VERSION:1.0\nGV_OFF_CONTEXT:\"*-sil+*\"\nCOMMENT:\n[STREAM]\n" + options +
         "[POSITION]\n" + positions + "[DATA]\n" + data;
}

}  // namespace hmm::testing
