/**
 * SECTION:element-hmmmelfeatures
 * @title: hmmmelfeatures
 *
 * Turns speech into the feature frames that hidden Markov models and neural networks work on:
 * log-mel bins or mel-frequency cepstra, with the numbers of CMU Sphinx, Kaldi, HTK or librosa. The
 * #GstHmmMelFeatures:preset names the system, every other property takes the place of one field of
 * it. With the preset `auto` the element reads from downstream's caps what a model wants.
 *
 * Audio of several channels is averaged, or one channel is taken. The element never resamples: put
 * `audioresample` before it, and it will ask for the rate that the model downstream needs.
 *
 * Output is `application/x-hmm-features`, any number of whole frames a buffer, or `other/tensors`,
 * one frame a buffer. The PTS of frame t is the segment position of sample t*hop, from a sample
 * count; frames and times do not depend on how the audio is divided over buffers. At a
 * discontinuity, a GAP event, a new segment and EOS the frames in progress come out first, the
 * partial last one included where the preset has one, and frames start anew, marked DISCONT.
 *
 * In live pipelines the element adds the window and the look-ahead of the deltas to the latency.
 *
 * ## Example
 * |[
 * gst-launch-1.0 filesrc location=speech.wav ! wavparse ! audioconvert ! audioresample \
 *   ! hmmmelfeatures preset=kaldi-fbank bins=80 ! filesink location=speech.f32
 * ]|
 * writes speech.f32: 80 little-endian floats a frame, 100 frames a second.
 */
#include "plugins/gsthmmmelfeatures.h"

#include <gst/audio/audio.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plugins/exception_guard.h"
#include "plugins/feature_caps.h"
#include "plugins/melfeatures_negotiation.h"
#include "plugins/melfeatures_settings.h"
#include "plugins/melfeatures_stream.h"

GST_DEBUG_CATEGORY_STATIC(hmm_mel_features_debug);
#define GST_CAT_DEFAULT hmm_mel_features_debug

using namespace hmm::gst;

namespace {

/// What the streaming thread works on; forgotten as a whole on the way to READY.
struct State {
  State() { gst_segment_init(&segment, GST_FORMAT_TIME); }

  GstSegment segment;
  std::optional<GstAudioInfo> audio;
  MelFeaturesChoice choice;
  std::unique_ptr<MelFeaturesStream> stream;
  EventPtr refused;
};

}  // namespace

struct _GstHmmMelFeatures {
  GstElement parent;
  GstPad* sink;
  GstPad* src;
  MelFeaturesSettings* settings;  // Under the object lock.
  GstClockTime latency;           // Under the object lock; 0 until audio caps are known.
  State* state;                   // Under the stream lock of the sink pad.
};

G_DEFINE_TYPE(GstHmmMelFeatures, gst_hmm_mel_features, GST_TYPE_ELEMENT)
GST_ELEMENT_REGISTER_DEFINE(hmmmelfeatures, "hmmmelfeatures", GST_RANK_NONE,
                            GST_TYPE_HMM_MEL_FEATURES)

namespace {

GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE(
    "sink", GST_PAD_SINK, GST_PAD_ALWAYS,
    GST_STATIC_CAPS("audio/x-raw, format=(string){ S16LE, F32LE }, rate=(int)[8000, 48000], "
                    "channels=(int)[1, max], layout=(string)interleaved"));

GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE(
    "src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS(HMM_FEATURES_CAPS("{ logmel, mfcc }")));

MelFeaturesSettings settings_of(GstHmmMelFeatures* self) {
  GST_OBJECT_LOCK(self);
  const MelFeaturesSettings settings = *self->settings;
  GST_OBJECT_UNLOCK(self);
  return settings;
}

void set_latency(GstHmmMelFeatures* self, GstClockTime latency) {
  GST_OBJECT_LOCK(self);
  const bool changed = self->latency != latency;
  self->latency = latency;
  GST_OBJECT_UNLOCK(self);
  if (!changed) return;
  GST_DEBUG_OBJECT(self, "latency is now %" GST_TIME_FORMAT, GST_TIME_ARGS(latency));
  gst_element_post_message(GST_ELEMENT(self), gst_message_new_latency(GST_OBJECT(self)));
}

GstFlowReturn push_buffers(GstHmmMelFeatures* self, std::vector<BufferPtr>& buffers) {
  for (BufferPtr& buffer : buffers) {
    GST_LOG_OBJECT(self, "pushing %" GST_PTR_FORMAT, static_cast<void*>(buffer.get()));
    const GstFlowReturn flow = gst_pad_push(self->src, buffer.release());
    if (flow != GST_FLOW_OK) return flow;
  }
  return GST_FLOW_OK;
}

/// Ends the frames in progress. What downstream answers is seen again at the next push.
void drain(GstHmmMelFeatures* self) {
  guarded(GST_ELEMENT(self), [&] {
    if (self->state->stream == nullptr) return;
    std::vector<BufferPtr> buffers;
    self->state->stream->drain(buffers);
    push_buffers(self, buffers);
  });
}

/// Agrees with downstream on the front end for the audio; nothing happens when all stays the same.
void negotiate(GstHmmMelFeatures* self, const GstAudioInfo& audio) {
  State& state = *self->state;
  const MelFeaturesSettings settings = settings_of(self);
  const CapsPtr downstream(gst_pad_peer_query_caps(self->src, nullptr));
  MelFeaturesChoice choice =
      choose_features(settings, GST_AUDIO_INFO_RATE(&audio), downstream.get());
  const bool same_audio = state.audio && gst_audio_info_is_equal(&*state.audio, &audio);
  if (state.stream != nullptr && same_audio && choice.config == state.choice.config &&
      gst_caps_is_equal(choice.caps.get(), state.choice.caps.get())) {
    return;
  }
  auto stream = std::make_unique<MelFeaturesStream>(audio, choice.config, choice.format, settings);
  stream->set_segment(state.segment);
  drain(self);
  GST_INFO_OBJECT(self, "making %" GST_PTR_FORMAT, static_cast<void*>(choice.caps.get()));
  gst_pad_push_event(self->src, gst_event_new_caps(choice.caps.get()));
  state.audio = audio;
  state.choice = std::move(choice);
  state.stream = std::move(stream);
  set_latency(self, state.stream->latency());
}

/// Downstream may want something else from now on.
bool renegotiate(GstHmmMelFeatures* self) {
  return guarded(GST_ELEMENT(self), false, [&] {
    negotiate(self, GstAudioInfo(*self->state->audio));
    return true;
  });
}

GstFlowReturn chain(GstPad*, GstObject* parent, GstBuffer* buffer) {
  GstHmmMelFeatures* self = GST_HMM_MEL_FEATURES(parent);
  const BufferPtr owned(buffer);
  return guarded(GST_ELEMENT(self), GST_FLOW_ERROR, [&] {
    State& state = *self->state;
    if (state.stream == nullptr) return GST_FLOW_NOT_NEGOTIATED;
    if (gst_pad_check_reconfigure(self->src) && !renegotiate(self)) return GST_FLOW_NOT_NEGOTIATED;
    std::vector<BufferPtr> buffers;
    state.stream->push(buffer, buffers);
    return push_buffers(self, buffers);
  });
}

void take_caps(GstHmmMelFeatures* self, GstEvent* event) {
  GstCaps* caps = nullptr;
  gst_event_parse_caps(event, &caps);
  GstAudioInfo audio;
  if (!gst_audio_info_from_caps(&audio, caps)) {
    throw StreamFormatError("The audio caps \"" + caps_text(caps) + "\" cannot be used.");
  }
  gst_pad_check_reconfigure(self->src);
  try {
    negotiate(self, audio);
  } catch (...) {
    // What comes is no longer what the stream was made for.
    drain(self);
    self->state->stream.reset();
    throw;
  }
}

void take_segment(GstHmmMelFeatures* self, GstEvent* event) {
  GstSegment segment;
  gst_event_copy_segment(event, &segment);
  if (segment.format != GST_FORMAT_TIME) {
    throw StreamFormatError(std::string("The audio's segment is in ") +
                            gst_format_get_name(segment.format) +
                            " and must be in time: put a parser (wavparse, rawaudioparse) "
                            "before this element.");
  }
  if (segment.rate < 0) {
    throw StreamFormatError("Features cannot be made of audio that plays backwards.");
  }
  State& state = *self->state;
  if (gst_segment_is_equal(&segment, &state.segment)) return;
  drain(self);
  state.segment = segment;
  if (state.stream != nullptr) state.stream->set_segment(segment);
}

/// Runs `take` on an event that stays on the pad. One that was refused is sent again before every
/// buffer; its error is posted only once.
template <class Take>
bool take_once(GstHmmMelFeatures* self, GstEvent* event, Take take) {
  if (event == self->state->refused.get()) return false;
  const bool taken = guarded(GST_ELEMENT(self), false, [&] {
    take(self, event);
    return true;
  });
  if (!taken) self->state->refused.reset(gst_event_ref(event));
  return taken;
}

gboolean sink_event(GstPad* pad, GstObject* parent, GstEvent* event) {
  GstHmmMelFeatures* self = GST_HMM_MEL_FEATURES(parent);
  EventPtr owned(event);
  switch (GST_EVENT_TYPE(event)) {
    case GST_EVENT_CAPS:
      return take_once(self, event, take_caps);
    case GST_EVENT_SEGMENT:
      if (!take_once(self, event, take_segment)) return FALSE;
      break;
    case GST_EVENT_STREAM_START:
    case GST_EVENT_GAP:
    case GST_EVENT_SEGMENT_DONE:
    case GST_EVENT_EOS:
      drain(self);
      break;
    case GST_EVENT_FLUSH_STOP:
      gst_segment_init(&self->state->segment, GST_FORMAT_TIME);
      if (self->state->stream != nullptr) self->state->stream->reset();
      break;
    default:
      break;
  }
  return gst_pad_event_default(pad, parent, owned.release());
}

gboolean src_event(GstPad* pad, GstObject* parent, GstEvent* event) {
  if (GST_EVENT_TYPE(event) == GST_EVENT_SEEK) {
    gdouble rate = 1;
    gst_event_parse_seek(event, &rate, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr);
    if (rate < 0) {
      GST_WARNING_OBJECT(parent, "refusing to seek to backwards playback");
      gst_event_unref(event);
      return FALSE;
    }
  }
  return gst_pad_event_default(pad, parent, event);
}

void answer_caps(GstHmmMelFeatures* self, GstQuery* query) {
  GstCaps* filter = nullptr;
  gst_query_parse_caps(query, &filter);
  const CapsPtr own(gst_pad_get_pad_template_caps(self->sink));
  const CapsPtr features(gst_pad_get_pad_template_caps(self->src));
  const CapsPtr downstream(gst_pad_peer_query_caps(self->src, features.get()));
  CapsPtr audio = audio_caps_for(own.get(), downstream.get());
  if (filter != nullptr) {
    audio.reset(gst_caps_intersect_full(filter, audio.get(), GST_CAPS_INTERSECT_FIRST));
  }
  gst_query_set_caps_result(query, audio.get());
}

gboolean sink_query(GstPad* pad, GstObject* parent, GstQuery* query) {
  if (GST_QUERY_TYPE(query) != GST_QUERY_CAPS) return gst_pad_query_default(pad, parent, query);
  return guarded(GST_ELEMENT(parent), FALSE, [&] {
    answer_caps(GST_HMM_MEL_FEATURES(parent), query);
    return TRUE;
  });
}

bool answer_latency(GstHmmMelFeatures* self, GstQuery* query) {
  if (!gst_pad_peer_query(self->sink, query)) return false;
  gboolean live = FALSE;
  GstClockTime low = 0, high = 0;
  gst_query_parse_latency(query, &live, &low, &high);
  if (!live) return true;
  if (settings_of(self).waits_for_utterance()) {
    throw hmm::SettingsError(
        "normalization=batch waits for the end of the utterance, which a live pipeline does not "
        "have: use live or none.");
  }
  GST_OBJECT_LOCK(self);
  const GstClockTime own = self->latency;
  GST_OBJECT_UNLOCK(self);
  gst_query_set_latency(query, live, low + own, GST_CLOCK_TIME_IS_VALID(high) ? high + own : high);
  return true;
}

gboolean src_query(GstPad* pad, GstObject* parent, GstQuery* query) {
  if (GST_QUERY_TYPE(query) != GST_QUERY_LATENCY) return gst_pad_query_default(pad, parent, query);
  return guarded(GST_ELEMENT(parent), false,
                 [&] { return answer_latency(GST_HMM_MEL_FEATURES(parent), query); });
}

}  // namespace

static GstStateChangeReturn gst_hmm_mel_features_change_state(GstElement* element,
                                                              GstStateChange transition) {
  const GstStateChangeReturn result =
      GST_ELEMENT_CLASS(gst_hmm_mel_features_parent_class)->change_state(element, transition);
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY) {
    GstHmmMelFeatures* self = GST_HMM_MEL_FEATURES(element);
    *self->state = State();
    GST_OBJECT_LOCK(self);
    self->latency = 0;
    GST_OBJECT_UNLOCK(self);
  }
  return result;
}

static void gst_hmm_mel_features_set_property(GObject* object, guint id, const GValue* value,
                                              GParamSpec* spec) {
  GST_OBJECT_LOCK(object);
  const bool known = GST_HMM_MEL_FEATURES(object)->settings->set_property(id, value);
  GST_OBJECT_UNLOCK(object);
  if (!known) G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

static void gst_hmm_mel_features_get_property(GObject* object, guint id, GValue* value,
                                              GParamSpec* spec) {
  if (!settings_of(GST_HMM_MEL_FEATURES(object)).get_property(id, value)) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
  }
}

static void gst_hmm_mel_features_finalize(GObject* object) {
  GstHmmMelFeatures* self = GST_HMM_MEL_FEATURES(object);
  delete self->state;
  delete self->settings;
  G_OBJECT_CLASS(gst_hmm_mel_features_parent_class)->finalize(object);
}

static void gst_hmm_mel_features_class_init(GstHmmMelFeaturesClass* klass) {
  GST_DEBUG_CATEGORY_INIT(hmm_mel_features_debug, "hmmmelfeatures", 0, "mel and cepstral features");

  GObjectClass* object_class = G_OBJECT_CLASS(klass);
  object_class->set_property = gst_hmm_mel_features_set_property;
  object_class->get_property = gst_hmm_mel_features_get_property;
  object_class->finalize = gst_hmm_mel_features_finalize;
  MelFeaturesSettings::install_properties(object_class);

  GstElementClass* element_class = GST_ELEMENT_CLASS(klass);
  element_class->change_state = gst_hmm_mel_features_change_state;
  gst_element_class_add_static_pad_template(element_class, &sink_template);
  gst_element_class_add_static_pad_template(element_class, &src_template);
  gst_element_class_set_static_metadata(
      element_class, "Mel and cepstral features of speech", "Converter/Audio/Features",
      "Turns audio into the log-mel or MFCC frames that a model works on, with the numbers of CMU "
      "Sphinx, Kaldi, HTK or librosa; takes preset and sample rate from the model downstream. For "
      "example: ... ! audioconvert ! audioresample ! hmmmelfeatures preset=kaldi-fbank bins=80 ! "
      "filesink location=speech.f32",
      "The hmm authors");
}

static void gst_hmm_mel_features_init(GstHmmMelFeatures* self) {
  self->settings = new MelFeaturesSettings();
  self->state = new State();

  self->sink = gst_pad_new_from_static_template(&sink_template, "sink");
  gst_pad_set_chain_function(self->sink, chain);
  gst_pad_set_event_function(self->sink, sink_event);
  gst_pad_set_query_function(self->sink, sink_query);
  // Audio that does not fit the model is refused with both sides named, by negotiate().
  GST_PAD_SET_ACCEPT_TEMPLATE(self->sink);
  gst_element_add_pad(GST_ELEMENT(self), self->sink);

  self->src = gst_pad_new_from_static_template(&src_template, "src");
  gst_pad_set_event_function(self->src, src_event);
  gst_pad_set_query_function(self->src, src_query);
  gst_pad_use_fixed_caps(self->src);
  gst_element_add_pad(GST_ELEMENT(self), self->src);
}
