// Small model files made in memory, valid unless a test breaks them.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <span>
#include <string>
#include <vector>

namespace hmm::testing {

/// Appends numbers in either byte order.
class Writer {
 public:
  explicit Writer(bool swap = false) : swap_(swap) {}

  template <class T>
  Writer& put(T value) {
    char raw[sizeof(T)];
    std::memcpy(raw, &value, sizeof(T));
    if (swap_) std::reverse(raw, raw + sizeof(T));
    bytes_.append(raw, sizeof(T));
    return *this;
  }
  template <class T>
  Writer& put_all(const std::vector<T>& values) {
    for (const T& value : values) put(value);
    return *this;
  }
  Writer& text(const std::string& characters) {
    bytes_ += characters;
    return *this;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  bool swap_;
  std::string bytes_;
};

inline std::span<const std::byte> as_bytes(const std::string& content) {
  return std::as_bytes(std::span(content));
}

struct S3Options {
  bool swap = false;
  bool checksum = true;
};

/// The S3 container around 32-bit integers, then floats.
inline std::string s3_file(const std::vector<int32_t>& dimensions, const std::vector<float>& values,
                           S3Options options = {}) {
  Writer payload(options.swap);
  payload.put_all(dimensions).put_all(values);
  uint32_t sum = 0;
  const auto add = [&sum](auto word) {
    sum = (sum << 20 | sum >> 12) + std::bit_cast<uint32_t>(word);
  };
  for (const int32_t dimension : dimensions) add(dimension);
  for (const float value : values) add(value);
  Writer file(options.swap);
  file.text("s3\nversion 1.0\n");
  if (options.checksum) file.text("chksum0 yes\n");
  file.text("     endhdr\n").put(uint32_t{0x11223344}).text(payload.bytes());
  if (options.checksum) file.put(sum);
  return file.bytes();
}

/// 2 codebooks x 2 streams (of 2 and 1 dimensions) x 2 densities; value i is first + i * step.
inline std::string gaussians_file(float first, float step, S3Options options = {}) {
  std::vector<float> values;
  for (int i = 0; i < 12; ++i) values.push_back(first + static_cast<float>(i) * step);
  return s3_file({2, 2, 2, 2, 1, 12}, values, options);
}

/// 6 senones x 2 streams x 2 densities of counts.
inline std::string mixture_weights_file(S3Options options = {}) {
  std::vector<float> counts;
  for (int i = 0; i < 24; ++i) counts.push_back(static_cast<float>(i % 4));
  return s3_file({6, 2, 2, 24}, counts, options);
}

/// 2 matrices of 2 states.
inline std::string transitions_file(S3Options options = {}) {
  return s3_file({2, 2, 3, 12}, {3, 1, 0, 0, 1, 1, 2, 1, 1, 0, 0, 0}, options);
}

/// Phones A and SIL of 2 states, 4 senones without context, 2 more for the triphone A(SIL,A)b.
inline const std::string kTextMdef =
    "# made for a test\n0.3\n2 n_base\n1 n_tri\n9 n_state_map\n6 n_tied_state\n"
    "4 n_tied_ci_state\n2 n_tied_tmat\n#\n"
    "A - - - n/a 0 0 1 N\nSIL - - - filler 1 2 3 N\nA SIL A b n/a 0 4 5 N\n";

/// The same model definition in the binary form.
inline std::string binary_mdef_file(bool swap = false) {
  Writer file(swap);
  file.put(uint32_t{0x46444D42}).put(int32_t{1}).put(int32_t{8}).text("a test\n ");
  for (const int32_t value : {2, 3, 2, 4, 6, 2, 3, 3, 1, 1}) file.put(value);
  file.text(std::string("A\0SIL\0\0\0", 8));
  file.put(int16_t{0}).put(int16_t{-1}).put(int32_t{0});
  const auto phone = [&](int32_t sequence, int32_t matrix, std::initializer_list<uint8_t> rest) {
    file.put(sequence).put(matrix);
    for (const uint8_t value : rest) file.put(value);
  };
  phone(0, 0, {0, 0, 0, 0});
  phone(1, 1, {1, 0, 0, 0});
  phone(2, 0, {1, 0, 1, 0});
  file.put(int32_t{6});
  for (const uint16_t senone : {0, 1, 2, 3, 4, 5}) file.put(senone);
  return file.bytes();
}

/// 2 streams x 2 densities x 6 senones in 8 bits, or with clusters in 4.
inline std::string sendump_file(bool clustered, bool swap = false) {
  Writer file(swap);
  for (const char* line : {"BEGIN", "feature_count 2", "model_count 6"}) {
    file.put(static_cast<int32_t>(std::strlen(line) + 1)).text(line).put(uint8_t{0});
  }
  const std::string clusters = clustered ? "cluster_count 15" : "cluster_count 0";
  file.put(static_cast<int32_t>(clusters.size() + 1)).text(clusters).put(uint8_t{0});
  if (clustered) file.put(int32_t{15}).text(std::string("cluster_bits 4\0", 15));
  file.put(int32_t{0});
  if (clustered) {
    for (int i = 0; i < 16; ++i) file.put(static_cast<uint8_t>(10 * i));
    for (int row = 0; row < 4; ++row) file.text("\x10\x32\x54");
  } else {
    file.put(int32_t{2}).put(int32_t{6});
    for (int i = 0; i < 24; ++i) file.put(static_cast<uint8_t>(10 * (i % 6)));
  }
  return file.bytes();
}

inline const std::string kArpa =
    "made for a test\n\\data\\\nngram 1=4\nngram 2=3\nngram 3=2\n\n"
    "\\1-grams:\n-99 <s> -0.5\n-0.7 a -0.2\n-0.4 b -0.3\n-1.0 </s>\n\n"
    "\\2-grams:\n-0.3 <s> a -0.1\n-0.6 a b -0.25\n-0.8 b </s>\n\n"
    "\\3-grams:\n-0.2 <s> a b\n-0.15 b a b\n\n\\end\\\n";

/// Packs values lowest bit first.
class BitWriter {
 public:
  void put(uint32_t value, int width) {
    for (int bit = 0; bit < width; ++bit, ++size_) {
      if (size_ % 8 == 0) bytes_.push_back('\0');
      if ((value >> bit & 1) != 0) bytes_.back() |= static_cast<char>(1 << size_ % 8);
    }
  }
  std::string finish() const { return bytes_ + std::string(8, '\0'); }

 private:
  std::string bytes_;
  int size_ = 0;
};

constexpr std::size_t kLmBinTables = 36;  // where the tables begin
constexpr std::size_t kLmBinTablesSize = 3 * 4 * 65536;

/// The model of kArpa. Code k of every table is -k / 100. Words: <s> a b </s>.
inline std::string lm_bin_file() {
  const double log10_unit = 1 / std::log10(1.0001);
  const auto stored = [&](double log10) { return static_cast<float>(log10 * log10_unit); };
  Writer file;
  file.text("Trie Language Model").put(uint8_t{3});
  for (const uint32_t count : {4, 3, 2}) file.put(count);
  file.put(int32_t{1});
  for (int table = 0; table < 3; ++table) {  // code k: -k / 100
    for (int code = 0; code < 65536; ++code) file.put(stored(-std::min(code, 1000) / 100.0));
  }
  const auto unigram = [&](double probability, double backoff, uint32_t child) {
    file.put(stored(probability)).put(stored(backoff)).put(child);
  };
  unigram(-99, -0.5, 0);
  unigram(-0.7, -0.2, 0);
  unigram(-0.4, -0.3, 1);
  unigram(-1.0, 0, 2);
  unigram(0, 0, 3);
  BitWriter pairs;  // 3 bits of word, back-off, probability, 2 bits of child
  const auto pair = [&](uint32_t word, uint32_t backoff, uint32_t probability, uint32_t child) {
    pairs.put(word, 3);
    pairs.put(backoff, 16);
    pairs.put(probability, 16);
    pairs.put(child, 2);
  };
  pair(0, 10, 30, 0);
  pair(1, 25, 60, 0);
  pair(2, 0, 80, 2);
  pair(0, 0, 0, 2);
  BitWriter triples;
  const auto triple = [&](uint32_t word, uint32_t probability) {
    triples.put(word, 3);
    triples.put(probability, 16);
  };
  triple(0, 20);
  triple(2, 15);
  triple(0, 0);
  file.text(pairs.finish()).text(triples.finish());
  const std::string words("<s>\0a\0b\0</s>\0", 13);
  file.put(static_cast<int32_t>(words.size())).text(words);
  return file.bytes();
}

inline const std::string kFeatParams =
    "-lowerf 130\n-upperf 6800\n-nfilt 25\n-transform dct\n-lifter 22\n-feat 1s_c_d_dd\n"
    "-svspec 0-12/13-25/26-38\n-agc none\n-cmn batch\n-varnorm no\n-model ptm\n"
    "-cmninit 41.00,-5.29,-0.12\n";

inline const std::string kNoisedict = "<s> SIL\n</s> SIL\n## comment\n[NOISE] SIL A\n";

}  // namespace hmm::testing
