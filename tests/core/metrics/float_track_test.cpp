#include "core/metrics/float_track.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <span>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/file.h"

namespace hmm {
namespace {

class FloatTrack : public ::testing::Test {
 protected:
  void write(const std::vector<float>& values, std::size_t extra = 0) {
    const auto raw = std::as_bytes(std::span(values));
    std::string bytes(reinterpret_cast<const char*>(raw.data()), raw.size());
    bytes.append(extra, '\0');
    write_file(path_, bytes);
  }
  std::string failure(std::size_t dimension) {
    try {
      read_float_track(path_, dimension);
    } catch (const ParseError& error) {
      return error.what();
    }
    return {};
  }
  void TearDown() override { std::filesystem::remove(path_); }

  std::filesystem::path path_ =
      std::filesystem::path(::testing::TempDir()) / "hmm_float_track_test";
};

TEST_F(FloatTrack, ReadsFrames) {
  write({1, 2, 3, 4, 5, 6});
  const Matrix track = read_float_track(path_, 3);
  EXPECT_EQ(track.rows(), 2u);
  EXPECT_EQ(track(1, 2), 6);
  write({});
  EXPECT_EQ(read_float_track(path_, 3).rows(), 0u);
}

TEST_F(FloatTrack, DamageIsNamedWithItsByte) {
  write({1, 2, 3, 4});
  EXPECT_THAT(failure(3), ::testing::HasSubstr("byte 16: the file does not hold a whole number"));
  write({1, 2}, 3);
  EXPECT_THAT(failure(1), ::testing::HasSubstr("byte 11: "));
  write({1, NAN});
  EXPECT_THAT(failure(1), ::testing::HasSubstr("byte 4: the track holds a NaN"));
  write({INFINITY});
  EXPECT_THAT(failure(1), ::testing::HasSubstr("byte 0: "));
  EXPECT_THROW(read_float_track(path_, 0), SettingsError);
  EXPECT_THROW(read_float_track("/nonexistent/track", 1), NotFoundError);
}

}  // namespace
}  // namespace hmm
