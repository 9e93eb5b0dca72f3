// hmmmelfeatures: what it offers, asks for and refuses; latency.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "plugins/feature_caps.h"
#include "tests/plugins/feature_harness.h"

namespace hmm::testing {
namespace {

using gst::FeatureFormat;

/// Feature caps of a model that was trained on the frames of `config`.
std::string model_caps(const FrontEndConfig& config) {
  FeatureFormat format;
  format.dimension = config.dimension();
  format.frames = config.sample_rate;
  format.seconds = config.hop_samples;
  format.layout = config.layout() == FeatureLayout::mfcc ? "mfcc" : "logmel";
  format.sample_rate = config.sample_rate;
  format.front_end = config.digest();
  return gst::caps_text(format.to_caps().get());
}

FeatureFormat output_format(FeatureHarness& harness) {
  const gst::CapsPtr caps(gst_caps_from_string(harness.output_caps().c_str()));
  return FeatureFormat::parse(caps.get());
}

std::string accepted_audio(FeatureHarness& harness) {
  GstPad* sink = gst_element_get_static_pad(harness.element(), "sink");
  const gst::CapsPtr caps(gst_pad_query_caps(sink, nullptr));
  gst_object_unref(sink);
  return gst::caps_text(caps.get());
}

TEST(MelFeaturesCaps, DescribeEveryPreset) {
  struct Case {
    const char *name, *layout;
    int dimension, frames, seconds;
  };
  for (const auto& [name, layout, dimension, frames, seconds] :
       {Case{"sphinx", "mfcc", 39, 100, 1}, Case{"sphinx-denoise", "mfcc", 39, 100, 1},
        Case{"kaldi-fbank", "logmel", 23, 100, 1}, Case{"kaldi-mfcc", "mfcc", 13, 100, 1},
        Case{"htk", "mfcc", 39, 100, 1}, Case{"librosa", "logmel", 128, 125, 4}}) {
    SCOPED_TRACE(name);
    FeatureHarness harness({{"preset", name}});
    harness.start();
    const FeatureFormat format = output_format(harness);
    EXPECT_EQ(format.layout, layout);
    EXPECT_EQ(format.dimension, dimension);
    EXPECT_EQ(format.frames, frames);
    EXPECT_EQ(format.seconds, seconds);
    EXPECT_EQ(format.sample_rate, 16000);
    EXPECT_EQ(format.front_end, preset(name).digest());
  }
}

TEST(MelFeaturesCaps, FrameRateIsExactWhereTheHopIsRounded) {
  FeatureHarness harness;
  harness.start(11025);
  const FeatureFormat format = output_format(harness);
  EXPECT_EQ(format.frames, 2205);
  EXPECT_EQ(format.seconds, 22);
}

TEST(MelFeaturesCaps, PresetIsTakenFromTheModelDownstream) {
  for (const std::string_view name : preset_names()) {
    SCOPED_TRACE(name);
    const FrontEndConfig config = preset(name);
    const auto samples = noise(8000);
    FeatureHarness harness({}, model_caps(config).c_str());
    harness.start();
    harness.push(samples, 0);
    harness.end();
    EXPECT_EQ(all_values(harness.pull()), front_end_values(config, samples));
  }
}

TEST(MelFeaturesCaps, AModelThatAppendsDeltasItselfGetsTheStaticPart) {
  for (const char* name : {"sphinx", "htk"}) {
    const FrontEndConfig config = preset(name).static_part();
    const auto samples = noise(8000);
    FeatureHarness harness({}, model_caps(config).c_str());
    harness.start();
    harness.push(samples, 0);
    harness.end();
    EXPECT_EQ(all_values(harness.pull()), front_end_values(config, samples));
  }
}

TEST(MelFeaturesCaps, SampleRateOfTheModelRestrictsTheAudio) {
  FeatureHarness harness({}, model_caps(preset("sphinx", 8000)).c_str());
  EXPECT_NE(accepted_audio(harness).find("rate=(int)8000"), std::string::npos)
      << accepted_audio(harness);
  FeatureHarness any;
  EXPECT_NE(accepted_audio(any).find("rate=(int)[ 8000, 48000 ]"), std::string::npos)
      << accepted_audio(any);
  FeatureHarness tensors({}, "other/tensors");
  EXPECT_NE(accepted_audio(tensors).find("rate=(int)[ 8000, 48000 ]"), std::string::npos);
  FeatureHarness several({}, "application/x-hmm-features, sample-rate={ 8000, 16000, 96000 }");
  EXPECT_NE(accepted_audio(several).find("rate=(int){ 8000, 16000 }"), std::string::npos)
      << accepted_audio(several);
}

TEST(MelFeaturesCaps, TensorsHoldOneFrameEach) {
  const auto samples = noise(4000);
  FeatureHarness harness({{"preset", "kaldi-fbank"}}, "other/tensors");
  harness.start();
  EXPECT_EQ(harness.output_caps(),
            "other/tensors, format=(string)static, num_tensors=(int)1, types=(string)float32, "
            "dimensions=(string)23:1:1:1, framerate=(fraction)100/1");
  harness.push(samples, 0);
  harness.end();
  const auto buffers = harness.pull();
  EXPECT_EQ(all_values(buffers), front_end_values(preset("kaldi-fbank"), samples));
  for (std::size_t t = 0; t < buffers.size(); ++t) {
    ASSERT_EQ(buffers[t].values.size(), 23u);
    ASSERT_EQ(buffers[t].pts, t * 10 * GST_MSECOND);
    ASSERT_EQ(buffers[t].duration, 10 * GST_MSECOND);
    ASSERT_EQ(buffers[t].discont, t == 0);
  }
}

TEST(MelFeaturesCaps, DownstreamsFirstChoiceOfFormIsTaken) {
  FeatureHarness native({}, "application/x-hmm-features; other/tensors");
  native.start();
  EXPECT_EQ(output_format(native).form, FeatureFormat::Form::kFeatures);
  FeatureHarness tensors({}, "other/tensors; application/x-hmm-features");
  tensors.start();
  EXPECT_EQ(output_format(tensors).form, FeatureFormat::Form::kTensors);
}

TEST(MelFeaturesCaps, NewAudioCapsDrainTheOldStream) {
  const auto first = noise(8000), second = noise(22050, 2);
  FeatureHarness harness;
  harness.start(16000);
  harness.push(first, 0);
  harness.start(22050);
  EXPECT_EQ(all_values(harness.pull()), front_end_values(preset("sphinx"), first));
  harness.push(second, 500 * GST_MSECOND);
  harness.end();
  const auto buffers = harness.pull();
  EXPECT_EQ(all_values(buffers), front_end_values(preset("sphinx", 22050), second));
  EXPECT_EQ(buffers.front().pts, 500 * GST_MSECOND);
  EXPECT_TRUE(buffers.front().discont);
  EXPECT_EQ(output_format(harness).sample_rate, 22050);
}

TEST(MelFeaturesCaps, TheSameCapsAgainChangeNothing) {
  const auto samples = noise(8000);
  FeatureHarness harness;
  harness.start();
  for (std::size_t n = 0; n < samples.size(); n += 1000) {
    const auto caps = FeatureHarness::audio_caps(16000, 1, "S16LE");
    harness.push_event(gst_event_new_caps(caps.get()));
    harness.push_in_pieces({&samples[n], 1000}, 1000, n * 62500);
  }
  harness.end();
  EXPECT_EQ(all_values(harness.pull()), front_end_values(preset("sphinx"), samples));
}

TEST(MelFeaturesCaps, DownstreamMayChangeItsMind) {
  const auto samples = noise(8000);
  FeatureHarness harness;
  harness.start();
  harness.push(samples, 0);
  gst_harness_set_sink_caps_str(harness.get(), "application/x-hmm-features, layout=logmel");
  gst_harness_push_upstream_event(harness.get(), gst_event_new_reconfigure());
  harness.push(samples, 500 * GST_MSECOND);
  harness.end();
  auto expected = front_end_values(preset("sphinx"), samples);
  const auto later = front_end_values(preset("kaldi-fbank"), samples);
  expected.insert(expected.end(), later.begin(), later.end());
  EXPECT_EQ(all_values(harness.pull()), expected);
  EXPECT_EQ(output_format(harness).layout, "logmel");
}

TEST(MelFeaturesCaps, ARequestToRenegotiateAloneChangesNothing) {
  const auto samples = noise(8000);
  FeatureHarness harness;
  harness.start();
  for (std::size_t n = 0; n < samples.size(); n += 1000) {
    gst_harness_push_upstream_event(harness.get(), gst_event_new_reconfigure());
    harness.push_in_pieces({&samples[n], 1000}, 1000, n * 62500);
  }
  harness.end();
  EXPECT_EQ(all_values(harness.pull()), front_end_values(preset("sphinx"), samples));
}

// Latency.

struct Latency {
  gboolean live = FALSE;
  GstClockTime low = 0, high = 0;
  bool operator==(const Latency&) const = default;
};

Latency query_latency(FeatureHarness& harness) {
  GstPad* src = gst_element_get_static_pad(harness.element(), "src");
  const gst::QueryPtr query(gst_query_new_latency());
  Latency latency;
  if (gst_pad_query(src, query.get())) {
    gst_query_parse_latency(query.get(), &latency.live, &latency.low, &latency.high);
  }
  gst_object_unref(src);
  return latency;
}

TEST(MelFeaturesLatency, LivePipelinesGetTheWindowAndTheLookAhead) {
  for (const std::string_view name : preset_names()) {
    SCOPED_TRACE(name);
    FeatureHarness harness({{"preset", name.data()}});
    gst_harness_set_live(harness.get(), TRUE);
    gst_harness_set_upstream_latency(harness.get(), 20 * GST_MSECOND);
    harness.start();
    EXPECT_EQ(harness.count_messages(GST_MESSAGE_LATENCY), 1);
    const GstClockTime own = gst_util_uint64_scale_ceil(
        static_cast<guint64>(preset(name).latency_samples()), GST_SECOND, 16000);
    const Latency latency = query_latency(harness);
    EXPECT_TRUE(latency.live);
    EXPECT_EQ(latency.low, 20 * GST_MSECOND + own);
  }
}

TEST(MelFeaturesLatency, SphinxAddsItsWindowAndThreeFrames) {
  FeatureHarness harness;
  gst_harness_set_live(harness.get(), TRUE);
  harness.start();
  EXPECT_EQ(query_latency(harness).low, 25625 * GST_USECOND + 30 * GST_MSECOND);
}

GstClockTime upstream_high = GST_CLOCK_TIME_NONE;

TEST(MelFeaturesLatency, TheMaximumGrowsTooUnlessThereIsNone) {
  FeatureHarness harness;
  harness.start();
  gst_pad_set_query_function(harness.get()->srcpad,
                             [](GstPad* pad, GstObject* parent, GstQuery* q) -> gboolean {
                               if (GST_QUERY_TYPE(q) != GST_QUERY_LATENCY)
                                 return gst_pad_query_default(pad, parent, q);
                               gst_query_set_latency(q, TRUE, GST_MSECOND, upstream_high);
                               return TRUE;
                             });
  upstream_high = GST_CLOCK_TIME_NONE;
  const GstClockTime own = 55625 * GST_USECOND;
  EXPECT_EQ(query_latency(harness), (Latency{TRUE, GST_MSECOND + own, GST_CLOCK_TIME_NONE}));
  upstream_high = 7 * GST_MSECOND;
  EXPECT_EQ(query_latency(harness), (Latency{TRUE, GST_MSECOND + own, 7 * GST_MSECOND + own}));
}

TEST(MelFeaturesLatency, NothingIsAddedWhenNotLive) {
  FeatureHarness harness;
  harness.start();
  gst_harness_set_upstream_latency(harness.get(), 20 * GST_MSECOND);
  const Latency latency = query_latency(harness);
  EXPECT_FALSE(latency.live);
  EXPECT_EQ(latency.low, 20 * GST_MSECOND);
}

TEST(MelFeaturesLatency, AMessageComesOnlyWhenItChanges) {
  FeatureHarness harness;
  harness.start(16000);
  EXPECT_EQ(harness.count_messages(GST_MESSAGE_LATENCY), 1);
  harness.start(16000);
  EXPECT_EQ(harness.count_messages(GST_MESSAGE_LATENCY), 0);
  harness.start(11025);
  EXPECT_EQ(harness.count_messages(GST_MESSAGE_LATENCY), 1);
}

// Wrong input.

TEST(MelFeaturesLatency, BatchNormalizationIsRefusedInLivePipelines) {
  FeatureHarness harness({{"normalization", "batch"}});
  gst_harness_set_live(harness.get(), TRUE);
  harness.start();
  query_latency(harness);
  harness.expect_error(GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS, {"normalization=batch"});
}

TEST(MelFeaturesCaps, AModelOfAnotherFrontEndIsRefusedWithBothSidesNamed) {
  FeatureHarness harness({{"preset", "htk"}}, model_caps(preset("kaldi-mfcc")).c_str());
  harness.start();
  harness.expect_error(
      GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
      {"settings make", "hamming", "dim=(int)39", "downstream accepts", "povey", "dim=(int)13"});
  EXPECT_EQ(harness.push(noise(1000), 0), GST_FLOW_NOT_NEGOTIATED);
  EXPECT_EQ(harness.count_messages(GST_MESSAGE_ERROR), 0);
}

TEST(MelFeaturesCaps, AnUnknownFrontEndIsRefusedWithBothSidesNamed) {
  FeatureHarness harness({}, "application/x-hmm-features, front-end=(string)unheard-of");
  harness.start();
  harness.expect_error(GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT, {"sphinx", "unheard-of"});
}

TEST(MelFeaturesCaps, AudioOfAnotherRateThanTheModelsIsRefused) {
  FeatureHarness harness({}, model_caps(preset("sphinx", 16000)).c_str());
  harness.start(8000);
  harness.expect_error(GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
                       {"sample-rate=(int)8000", "sample-rate=(int)16000"});
}

TEST(MelFeaturesCaps, SetDeltasAreKeptAgainstTheModel) {
  FeatureHarness harness({{"deltas", "sphinx"}},
                         model_caps(preset("sphinx").static_part()).c_str());
  harness.start();
  harness.expect_error(GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT, {"dim=(int)39", "dim=(int)13"});
}

TEST(MelFeaturesCaps, TensorsOfAnotherSizeAreRefusedRatherThanGuessed) {
  // 23 values are also what kaldi-fbank makes, which nobody asked for.
  FeatureHarness harness({}, "other/tensors, dimensions=(string)23:1:1:1");
  harness.start();
  harness.expect_error(GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT, {"23:1:1:1"});
}

TEST(MelFeaturesCaps, DownstreamThatRefusesLaterIsOneError) {
  FeatureHarness harness;
  harness.start();
  harness.push(noise(8000), 0);
  gst_harness_set_sink_caps_str(harness.get(), "application/x-hmm-features, dim=(int)7");
  gst_harness_push_upstream_event(harness.get(), gst_event_new_reconfigure());
  EXPECT_EQ(harness.push(noise(8000), 500 * GST_MSECOND), GST_FLOW_NOT_NEGOTIATED);
  harness.expect_error(GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT, {"dim=(int)7"});
}

TEST(MelFeaturesCaps, OtherAudioIsRefusedByTheTemplate) {
  for (const auto& [rate, format] : {std::pair(7999, "S16LE"), std::pair(48001, "S16LE"),
                                     std::pair(16000, "S16BE"), std::pair(16000, "F64LE")}) {
    FeatureHarness harness;
    GstPad* sink = gst_element_get_static_pad(harness.element(), "sink");
    const auto caps = FeatureHarness::audio_caps(rate, 1, format);
    EXPECT_FALSE(gst_pad_query_accept_caps(sink, caps.get())) << rate << ' ' << format;
    gst_object_unref(sink);
  }
}

}  // namespace
}  // namespace hmm::testing
