// The presets against the systems they are named after, on a real recording. The golden frames are
// made by tests/data/frontend/make_goldens.py.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "core/base/file.h"
#include "core/frontend/front_end.h"
#include "tests/test_data.h"

namespace hmm {
namespace {

using testing::kPocketsphinxTestData;
using testing::source_file;

std::vector<int16_t> read_samples(const std::filesystem::path& path) {
  const MappedFile file(path);
  std::vector<int16_t> samples(file.bytes().size() / 2);
  std::memcpy(samples.data(), file.bytes().data(), samples.size() * 2);
  return samples;
}

Matrix read_golden(const std::string& name) {
  const MappedFile file(source_file(("tests/data/frontend/" + name + ".f32").c_str()));
  int32_t shape[2];
  std::memcpy(shape, file.bytes().data(), sizeof shape);
  Matrix frames(static_cast<std::size_t>(shape[0]), static_cast<std::size_t>(shape[1]));
  EXPECT_EQ(file.bytes().size(), sizeof shape + frames.rows() * frames.columns() * 4);
  std::memcpy(frames.data(), file.bytes().data() + sizeof shape,
              file.bytes().size() - sizeof shape);
  return frames;
}

Matrix features(const FrontEndConfig& config, std::span<const int16_t> samples) {
  FrontEnd front_end(config);
  front_end.push(samples);
  front_end.flush();
  return front_end.take();
}

/// The largest |a - b| / max(1, |b|).
double largest_difference(const Matrix& a, const Matrix& b) {
  EXPECT_EQ(a.rows(), b.rows());
  EXPECT_EQ(a.columns(), b.columns());
  double largest = 0;
  for (std::size_t t = 0; t < std::min(a.rows(), b.rows()); ++t)
    for (std::size_t i = 0; i < std::min(a.columns(), b.columns()); ++i) {
      const double expected = b(t, i), found = a(t, i);
      largest = std::max(largest, std::abs(found - expected) / std::max(1.0, std::abs(expected)));
    }
  return largest;
}

class Preset : public ::testing::TestWithParam<const char*> {};

TEST_P(Preset, EqualsItsModel) {
  const auto recording = kPocketsphinxTestData / "goforward.raw";
  SKIP_WITHOUT(recording);
  FrontEndConfig config = preset(GetParam());
  if (config.deltas == DeltaKind::sphinx) config = config.static_part();
  double d=largest_difference(features(config, read_samples(recording)), read_golden(GetParam()));printf("%s %g\n",GetParam(),d);EXPECT_LT(d,1e-3);
}

INSTANTIATE_TEST_SUITE_P(, Preset,
                         ::testing::Values("sphinx", "sphinx-denoise", "kaldi-fbank", "kaldi-mfcc",
                                           "htk", "librosa"));

}  // namespace
}  // namespace hmm
