// The pieces that all elements share.
#include <gst/gst.h>
#include <gtest/gtest.h>

#include <new>

#include "plugins/exception_guard.h"
#include "plugins/feature_caps.h"
#include "plugins/message_times.h"
#include "plugins/sample_clock.h"

namespace hmm::gst {
namespace {

struct PostedError {
  GQuark domain;
  int code;
  std::string text;
};

template <class Thrown>
PostedError post(const Thrown& thrown) {
  GstElement* bin = gst_bin_new(nullptr);
  GstBus* bus = gst_bus_new();
  gst_element_set_bus(bin, bus);
  EXPECT_EQ(guarded(bin, -1, [&]() -> int { throw thrown; }), -1);
  GstMessage* message = gst_bus_pop_filtered(bus, GST_MESSAGE_ERROR);
  PostedError posted{};
  if (message != nullptr) {
    GError* error = nullptr;
    gst_message_parse_error(message, &error, nullptr);
    posted = {error->domain, error->code, error->message};
    g_error_free(error);
    gst_message_unref(message);
  }
  EXPECT_EQ(gst_bus_pop_filtered(bus, GST_MESSAGE_ERROR), nullptr);
  gst_element_set_bus(bin, nullptr);
  gst_object_unref(bus);
  gst_object_unref(bin);
  return posted;
}

void expect_posted(const PostedError& posted, GQuark domain, int code, const std::string& text) {
  EXPECT_EQ(g_quark_to_string(posted.domain), std::string(g_quark_to_string(domain)));
  EXPECT_EQ(posted.code, code);
  EXPECT_EQ(posted.text, text);
}

TEST(ExceptionGuard, EachExceptionBecomesOneErrorOfItsDomain) {
  expect_posted(post(NotFoundError("no file")), GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND,
                "no file");
  expect_posted(post(SettingsError("lag")), GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS, "lag");
  expect_posted(post(ParseError::at_byte("mdef", 12, "a bad count")), GST_LIBRARY_ERROR,
                GST_LIBRARY_ERROR_INIT, ParseError::at_byte("mdef", 12, "a bad count").what());
  expect_posted(post(DataError("NaN")), GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED, "NaN");
  expect_posted(post(StreamFormatError("caps")), GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT, "caps");
  expect_posted(post(std::bad_alloc()), GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT,
                "There is not enough memory.");
  expect_posted(post(std::runtime_error("odd")), GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_FAILED,
                "odd");
  expect_posted(post(7), GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_FAILED, "An unknown error occurred.");
}

TEST(ExceptionGuard, ReturnsTheResultOfABodyThatDoesNotThrow) {
  GstElement* bin = gst_bin_new(nullptr);
  EXPECT_EQ(guarded(bin, -1, [] { return 5; }), 5);
  int calls = 0;
  guarded(bin, [&] { ++calls; });
  EXPECT_EQ(calls, 1);
  gst_object_unref(bin);
}

FeatureFormat mfcc() {
  FeatureFormat format;
  format.dimension = 39;
  format.frames = 100;
  format.layout = "mfcc";
  format.sample_rate = 16000;
  format.front_end = "a digest, with \"quotes\"";
  return format;
}

TEST(FeatureCaps, BothFormsAreReadBackAsWritten) {
  EXPECT_EQ(FeatureFormat::parse(mfcc().to_caps().get()), mfcc());

  FeatureFormat tensors;
  tensors.form = FeatureFormat::Form::kTensors;
  tensors.dimension = 80;
  tensors.frames = 2205;
  tensors.seconds = 22;
  EXPECT_EQ(FeatureFormat::parse(tensors.to_caps().get()), tensors);
}

TEST(FeatureCaps, TheTemplateTakesBothForms) {
  const CapsPtr allowed(gst_caps_from_string(HMM_FEATURES_CAPS("{ logmel, mfcc }")));
  ASSERT_NE(allowed, nullptr);
  FeatureFormat format = mfcc();
  EXPECT_TRUE(gst_caps_is_subset(format.to_caps().get(), allowed.get()));
  format.form = FeatureFormat::Form::kTensors;
  EXPECT_TRUE(gst_caps_is_subset(format.to_caps().get(), allowed.get()));
  format = mfcc();
  format.layout = "posterior";
  EXPECT_FALSE(gst_caps_is_subset(format.to_caps().get(), allowed.get()));
}

class WrongFeatureCaps : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(WrongFeatureCaps, AreRefusedWithTheReason) {
  const auto& [text, reason] = GetParam();
  const CapsPtr caps(gst_caps_from_string(text));
  ASSERT_NE(caps, nullptr);
  try {
    FeatureFormat::parse(caps.get());
    FAIL() << "accepted " << text;
  } catch (const StreamFormatError& error) {
    EXPECT_NE(std::string(error.what()).find(reason), std::string::npos) << error.what();
  }
}

#define FEATURES "application/x-hmm-features, format=F32LE, layout=mfcc, dim=39"
#define TENSORS "other/tensors, format=static, num_tensors=1, types=float32"
INSTANTIATE_TEST_SUITE_P(
    All, WrongFeatureCaps,
    testing::Values(
        std::pair("audio/x-raw", "neither"), std::pair("ANY", "not fixed"),
        std::pair("application/x-hmm-features, format=S16LE", "format must be F32LE"),
        std::pair("application/x-hmm-features, format=F32LE, dim=3", "layout is missing"),
        std::pair("application/x-hmm-features, format=F32LE, layout=mfcc, dim=0", "dim must be"),
        std::pair(FEATURES ", framerate=100/1, front-end=x", "sample-rate must be"),
        std::pair(FEATURES ", sample-rate=8000, framerate=100/1", "front-end is missing"),
        std::pair(FEATURES ", sample-rate=8000, front-end=x", "framerate must be"),
        std::pair(FEATURES ", sample-rate=8000, front-end=x, framerate=0/1", "framerate must be"),
        std::pair(FEATURES ", sample-rate=[8000, 9000]", "not fixed"),
        std::pair("other/tensors, format=flexible", "format must be static"),
        std::pair("other/tensors, format=static, types=uint8", "types must be float32"),
        std::pair("other/tensors, format=static, types=float32, num_tensors=2", "num_tensors"),
        std::pair(TENSORS ", framerate=100/1", "dimensions is missing"),
        std::pair(TENSORS ", dimensions=(string)39:2:1:1, framerate=100/1", "one frame"),
        std::pair(TENSORS ", dimensions=(string)-39, framerate=100/1", "one frame"),
        std::pair(TENSORS ", dimensions=(string)39:1x, framerate=100/1", "one frame"),
        std::pair(TENSORS ", dimensions=(string)99999999999, framerate=100/1", "one frame")));

TEST(SampleClock, DoesNotDriftOverDays) {
  const SampleClock clock(5, 44100);
  EXPECT_EQ(clock.time_of(0), 5u);
  EXPECT_EQ(clock.time_of(1), 5u + 22675);
  EXPECT_EQ(clock.time_of(44100ull * 86400 * 30), 5 + 86400 * 30 * GST_SECOND);
}

TEST(SampleClock, FindsTheFirstSampleAtATime) {
  for (const int rate : {8000, 11025, 16000, 22050, 44100, 48000}) {
    const SampleClock clock(GST_SECOND / 3, rate);
    EXPECT_EQ(clock.first_sample_at(0), 0u);
    EXPECT_EQ(clock.first_sample_at(GST_SECOND / 3), 0u);
    for (const uint64_t sample : {1ull, 2ull, 441ull, 99999ull, 1ull << 40}) {
      EXPECT_EQ(clock.first_sample_at(clock.time_of(sample)), sample) << rate;
      EXPECT_EQ(clock.first_sample_at(clock.time_of(sample) - 1), sample) << rate;
      EXPECT_EQ(clock.first_sample_at(clock.time_of(sample) + 1), sample + 1) << rate;
    }
  }
}

TEST(SampleClock, EndsAtTheLastTime) {
  const SampleClock clock(7, 44100);
  const GstClockTime last = GST_CLOCK_TIME_NONE - 1;
  EXPECT_EQ(clock.time_of(G_MAXUINT64), GST_CLOCK_TIME_NONE);
  EXPECT_GE(clock.time_of(clock.first_sample_at(last)), last);
}

TEST(MessageTimes, StreamAndRunningTimeFollowTheSegment) {
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  segment.start = 10 * GST_SECOND;
  segment.time = 3 * GST_SECOND;
  segment.base = 1 * GST_SECOND;
  GstStructure* message = gst_structure_new_empty("hmm-state");
  set_message_times(message, segment, 12 * GST_SECOND, 40 * GST_MSECOND);
  guint64 timestamp = 0, stream = 0, running = 0, duration = 0;
  ASSERT_TRUE(gst_structure_get(message, "timestamp", G_TYPE_UINT64, &timestamp, "stream-time",
                                G_TYPE_UINT64, &stream, "running-time", G_TYPE_UINT64, &running,
                                "duration", G_TYPE_UINT64, &duration, nullptr));
  EXPECT_EQ(timestamp, 12 * GST_SECOND);
  EXPECT_EQ(stream, 5 * GST_SECOND);
  EXPECT_EQ(running, 3 * GST_SECOND);
  EXPECT_EQ(duration, 40 * GST_MSECOND);

  set_message_times(message, segment, 9 * GST_SECOND, GST_MSECOND);
  gst_structure_get(message, "running-time", G_TYPE_UINT64, &running, nullptr);
  EXPECT_EQ(running, GST_CLOCK_TIME_NONE);
  gst_structure_free(message);
}

}  // namespace
}  // namespace hmm::gst
