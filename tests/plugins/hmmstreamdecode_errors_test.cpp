// hmmstreamdecode: what it says when something is wrong, and that it goes on where it can.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "core/base/file.h"
#include "tests/plugins/decode_harness.h"

namespace hmm::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// What setting the element going with this model says.
PostedError error_of_model(const std::filesystem::path& model, GstState state = GST_STATE_PAUSED) {
  GstElement* element = gst_element_factory_make("hmmstreamdecode", nullptr);
  g_object_set(element, "model", model.c_str(), nullptr);
  GstBus* bus = gst_bus_new();
  gst_element_set_bus(element, bus);
  gst_element_set_state(element, state);
  GstMessage* message = gst_bus_timed_pop_filtered(bus, 20 * GST_SECOND, GST_MESSAGE_ERROR);
  PostedError posted;
  if (message != nullptr) {
    GError* error = nullptr;
    gst_message_parse_error(message, &error, nullptr);
    posted = {error->domain, error->code, error->message};
    g_error_free(error);
    gst_message_unref(message);
  }
  gst_element_set_state(element, GST_STATE_NULL);
  EXPECT_EQ(gst_bus_pop_filtered(bus, GST_MESSAGE_ERROR), nullptr) << "one error is enough";
  gst_element_set_bus(element, nullptr);
  gst_object_unref(bus);
  gst_object_unref(element);
  return posted;
}

/// A copy of the en-us model whose file `name` holds `content`; taken away at the end.
class BrokenModel {
 public:
  BrokenModel(const char* name, const std::string& content)
      : folder_(std::filesystem::path(::testing::TempDir()) / ("hmm_broken_" + std::string(name))) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    for (const auto& entry : std::filesystem::directory_iterator(kModel)) {
      std::filesystem::create_symlink(entry.path(), folder_ / entry.path().filename());
    }
    std::filesystem::remove(folder_ / name);
    write_file(folder_ / name, content);
  }
  ~BrokenModel() { std::filesystem::remove_all(folder_); }
  const std::filesystem::path& path() const { return folder_; }

 private:
  std::filesystem::path folder_;
};

TEST(StreamDecodeErrors, AbsentModelIsNamed) {
  const PostedError error = error_of_model("/nonexistent/model", GST_STATE_READY);
  EXPECT_EQ(error.domain, GST_RESOURCE_ERROR);
  EXPECT_EQ(error.code, GST_RESOURCE_ERROR_NOT_FOUND);
  EXPECT_THAT(error.text, HasSubstr("/nonexistent/model/feat.params"));
}

TEST(StreamDecodeErrors, NoModelAtAllNamesThePackage) {
  setenv("XDG_DATA_DIRS", "/nonexistent", 1);
  setenv("XDG_DATA_HOME", "/nonexistent", 1);
  const PostedError error = error_of_model("", GST_STATE_READY);
  unsetenv("XDG_DATA_DIRS");
  unsetenv("XDG_DATA_HOME");
  EXPECT_EQ(error.domain, GST_RESOURCE_ERROR);
  EXPECT_THAT(error.text, HasSubstr("pocketsphinx-en-us"));
}

TEST(StreamDecodeErrors, TruncatedModelFileNamesPlaceAndReason) {
  SKIP_WITHOUT(kModel);
  const std::string whole(MappedFile(kModel / "means").text());
  const BrokenModel model("means", whole.substr(0, whole.size() / 2));
  const PostedError error = error_of_model(model.path());
  EXPECT_EQ(error.domain, GST_LIBRARY_ERROR);
  EXPECT_EQ(error.code, GST_LIBRARY_ERROR_INIT);
  EXPECT_THAT(error.text, AllOf(HasSubstr("means"), HasSubstr("byte ")));
}

TEST(StreamDecodeErrors, UnknownFrontEndOptionNamesTheLine) {
  SKIP_WITHOUT(kModel);
  const BrokenModel model("feat.params", "-nfilt 25\n-lifter minus\n");
  const PostedError error = error_of_model(model.path(), GST_STATE_READY);
  EXPECT_THAT(error.text, AllOf(HasSubstr("feat.params"), HasSubstr("line 2")));
}

TEST(StreamDecodeErrors, FailedLoadingEndsInOneErrorAndProgressError) {
  SKIP_WITHOUT(kModel);
  const BrokenModel model("sendump", "no sendump");
  GstElement* element = gst_element_factory_make("hmmstreamdecode", nullptr);
  g_object_set(element, "model", model.path().c_str(), nullptr);
  GstBus* bus = gst_bus_new();
  gst_element_set_bus(element, bus);
  gst_element_set_state(element, GST_STATE_PAUSED);
  std::vector<GstMessageType> seen;
  while (seen.empty() || seen.back() != GST_MESSAGE_PROGRESS || seen.size() < 3) {
    GstMessage* message = gst_bus_timed_pop_filtered(
        bus, 20 * GST_SECOND,
        static_cast<GstMessageType>(GST_MESSAGE_ERROR | GST_MESSAGE_PROGRESS));
    ASSERT_NE(message, nullptr);
    seen.push_back(GST_MESSAGE_TYPE(message));
    gst_message_unref(message);
  }
  EXPECT_EQ(seen, (std::vector<GstMessageType>{GST_MESSAGE_PROGRESS, GST_MESSAGE_ERROR,
                                               GST_MESSAGE_PROGRESS}));
  gst_element_set_state(element, GST_STATE_NULL);
  gst_element_set_bus(element, nullptr);
  gst_object_unref(bus);
  gst_object_unref(element);
}

TEST(StreamDecodeErrors, LanguageModelOfWordsIsRefused) {
  SKIP_WITHOUT(kModel);
  DecodeHarness harness({{"language-model", (kEnUs / "en-us.lm.bin").c_str()}});
  harness.start();
  EXPECT_EQ(harness.push(Matrix(1, 39), 0), GST_FLOW_ERROR);
  const auto errors = harness.errors();
  ASSERT_THAT(errors, SizeIs(1));
  EXPECT_THAT(errors[0].text, AllOf(HasSubstr("en-us.lm.bin"), HasSubstr("phone")));
}

TEST(StreamDecodeErrors, FramesOfAnotherFrontEndAreRefusedWithBothSides) {
  SKIP_WITHOUT(kModel);
  DecodeHarness harness;
  gst_harness_set_src_caps_str(
      harness.get(),
      "application/x-hmm-features, format=F32LE, layout=logmel, dim=80, framerate=100/1, "
      "sample-rate=16000, front-end=(string)other");
  const auto errors = harness.errors();
  ASSERT_THAT(errors, SizeIs(1));
  EXPECT_EQ(errors[0].domain, GST_STREAM_ERROR);
  EXPECT_THAT(errors[0].text, AllOf(HasSubstr("dim=(int)39"), HasSubstr("dim=(int)80")));
}

struct BadBuffer {
  const char* name;
  GstBuffer* (*make)();
  const char* complaint;
};

class StreamDecodeBadBuffer : public ::testing::TestWithParam<BadBuffer> {};

TEST_P(StreamDecodeBadBuffer, IsAnErrorInWords) {
  SKIP_WITHOUT(kModel);
  DecodeHarness harness;
  harness.start();
  EXPECT_EQ(gst_harness_push(harness.get(), GetParam().make()), GST_FLOW_ERROR);
  const auto errors = harness.errors();
  ASSERT_THAT(errors, SizeIs(1));
  EXPECT_EQ(errors[0].domain, GST_STREAM_ERROR);
  EXPECT_THAT(errors[0].text, HasSubstr(GetParam().complaint));
}

INSTANTIATE_TEST_SUITE_P(Kinds, StreamDecodeBadBuffer,
                         ::testing::Values(BadBuffer{"NoTimestamp",
                                                     [] {
                                                       return DecodeHarness::buffer_of(
                                                           Matrix(1, 39), GST_CLOCK_TIME_NONE);
                                                     },
                                                     "timestamps"},
                                           BadBuffer{"HalfAFrame",
                                                     [] {
                                                       GstBuffer* buffer = gst_buffer_new_allocate(
                                                           nullptr, 80, nullptr);
                                                       GST_BUFFER_PTS(buffer) = 0;
                                                       return buffer;
                                                     },
                                                     "whole frames"},
                                           BadBuffer{"NaN",
                                                     [] {
                                                       Matrix frames(3, 39);
                                                       frames(1, 20) =
                                                           std::numeric_limits<float>::quiet_NaN();
                                                       return DecodeHarness::buffer_of(frames, 0);
                                                     },
                                                     "frame 1"}),
                         [](const auto& info) { return info.param.name; });

TEST(StreamDecodeErrors, SegmentInBytesIsRefused) {
  SKIP_WITHOUT(kModel);
  DecodeHarness harness;
  harness.start();
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_BYTES);
  harness.push_event(gst_event_new_segment(&segment));
  const auto errors = harness.errors();
  ASSERT_THAT(errors, SizeIs(1));
  EXPECT_THAT(errors[0].text, HasSubstr("bytes"));
}

TEST(StreamDecodeErrors, LagThatDoesNotFitTheLatencySaysWhatWorks) {
  SKIP_WITHOUT(kModel);
  for (const auto& [lag, complaint] : {std::pair("0", "live"), std::pair("800", "850 ms")}) {
    DecodeHarness harness({{"lag", lag}, {"latency", "600"}});
    gst_harness_set_live(harness.get(), TRUE);
    harness.start();
    EXPECT_EQ(harness.push(Matrix(1, 39), 0), GST_FLOW_ERROR);
    const auto errors = harness.errors();
    ASSERT_THAT(errors, SizeIs(1)) << lag;
    EXPECT_EQ(errors[0].domain, GST_LIBRARY_ERROR);
    EXPECT_EQ(errors[0].code, GST_LIBRARY_ERROR_SETTINGS);
    EXPECT_THAT(errors[0].text, HasSubstr(complaint));
  }
}

TEST(StreamDecodeErrors, TooShortALagIsRefused) {
  SKIP_WITHOUT(kModel);
  DecodeHarness harness({{"lag", "20"}});
  harness.start();
  EXPECT_EQ(harness.push(Matrix(1, 39), 0), GST_FLOW_ERROR);
  const auto errors = harness.errors();
  ASSERT_THAT(errors, SizeIs(1));
  EXPECT_THAT(errors[0].text, HasSubstr("50 ms"));
}

TEST(StreamDecodeErrors, EndAtOnceAndEmptyBuffersAreNoErrors) {
  SKIP_WITHOUT(kModel);
  DecodeHarness harness;
  harness.start();
  EXPECT_EQ(harness.push(Matrix(0, 39), 0), GST_FLOW_OK);
  EXPECT_TRUE(harness.end());
  EXPECT_THAT(harness.pull(), IsEmpty());
  EXPECT_THAT(harness.errors(), IsEmpty());

  DecodeHarness nothing;
  EXPECT_TRUE(nothing.end());
  EXPECT_THAT(nothing.errors(), IsEmpty());
}

TEST(StreamDecodeErrors, StoppingWhileLoadingDoesNotWait) {
  SKIP_WITHOUT(kModel);
  for (int round = 0; round < 10; ++round) {
    GstElement* element = gst_element_factory_make("hmmstreamdecode", nullptr);
    EXPECT_NE(gst_element_set_state(element, GST_STATE_PAUSED), GST_STATE_CHANGE_FAILURE);
    EXPECT_EQ(gst_element_set_state(element, GST_STATE_NULL), GST_STATE_CHANGE_SUCCESS);
    gst_object_unref(element);
  }
}

}  // namespace
}  // namespace hmm::testing
