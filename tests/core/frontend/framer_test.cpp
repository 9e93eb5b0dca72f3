#include "core/frontend/framer.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace hmm {
namespace {

using Windows = std::vector<std::vector<double>>;

/// The frames of the stream 1, 2, ... count with a window of 4 and a hop of 2.
Windows windows(Framing framing, int count, std::size_t piece, int window = 4, int hop = 2) {
  FrontEndConfig config;
  config.framing = framing;
  config.window_samples = window;
  config.hop_samples = hop;
  Framer framer(config);
  std::vector<double> samples(static_cast<std::size_t>(count));
  std::iota(samples.begin(), samples.end(), 1);
  Windows result;
  const auto collect = [&] {
    for (; framer.has_frame(); framer.advance())
      result.emplace_back(framer.frame().begin(), framer.frame().end());
  };
  for (std::size_t n = 0; n < samples.size(); n += piece) {
    framer.append(std::span(samples).subspan(n, std::min(piece, samples.size() - n)));
    collect();
  }
  framer.finish();
  collect();
  return result;
}

TEST(Framer, CutsAsDescribed) {
  for (const std::size_t piece : {1, 2, 3, 5, 100}) {
    EXPECT_EQ(windows(Framing::whole, 7, piece), (Windows{{1, 2, 3, 4}, {3, 4, 5, 6}}));
    EXPECT_EQ(windows(Framing::partial, 7, piece),
              (Windows{{1, 2, 3, 4}, {3, 4, 5, 6}, {5, 6, 7, 0}}));
    EXPECT_EQ(windows(Framing::centred, 5, piece),
              (Windows{{0, 0, 1, 2}, {1, 2, 3, 4}, {3, 4, 5, 0}}));
    EXPECT_EQ(windows(Framing::mirrored, 6, piece),
              (Windows{{1, 1, 2, 3}, {2, 3, 4, 5}, {4, 5, 6, 6}}));
  }
}

TEST(Framer, HandlesStreamsShorterThanAWindow) {
  EXPECT_EQ(windows(Framing::whole, 3, 1), Windows{});
  EXPECT_EQ(windows(Framing::partial, 1, 1), (Windows{{1, 0, 0, 0}}));
  EXPECT_EQ(windows(Framing::centred, 1, 1), (Windows{{0, 0, 1, 0}}));
  EXPECT_EQ(windows(Framing::mirrored, 1, 1), (Windows{{1, 1, 1, 1}}));
  EXPECT_EQ(windows(Framing::mirrored, 2, 1, 10, 2), (Windows{{1, 2, 2, 1, 1, 2, 2, 1, 1, 2}}));
  for (const Framing framing :
       {Framing::whole, Framing::partial, Framing::centred, Framing::mirrored})
    EXPECT_EQ(windows(framing, 0, 1), Windows{});
}

TEST(Framer, LeavesGapsWhenTheHopIsLongerThanTheWindow) {
  for (const std::size_t piece : {1, 2, 3, 100})
    EXPECT_EQ(windows(Framing::whole, 13, piece, 2, 5), (Windows{{1, 2}, {6, 7}, {11, 12}}));
}

}  // namespace
}  // namespace hmm
