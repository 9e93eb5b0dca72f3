/**
 * SECTION:element-hmmstreamdecode
 * @title: hmmstreamdecode
 * @short_description: decodes feature frames online with a hidden Markov model
 *
 * Decodes frames as they come and gives out what has been recognised as soon as it is certain, or
 * as late as #hmmstreamdecode:lag allows: phones as timed text on `src`, states with honest
 * confidences on the bus and, where the request pad `features_src` is linked, as HmmStateMeta on
 * the frames themselves.
 *
 * ## Messages
 *
 * `hmm-state`, when the decoded state changes and at least every #hmmstreamdecode:interval:
 *
 * * #guint64 `timestamp`, `stream-time`, `running-time`, `duration`: when, in ns
 * * #gint `state`, gchararray `label`: the state and the phone that it belongs to
 * * #gdouble `confidence`: posterior probability of the label, 0 to 1
 * * #gdouble `log-likelihood`: natural log, mean per frame
 * * gchararray `commit`: "exact" (this is the Viterbi path, whatever follows) or "forced" (the lag
 *   ran out)
 * * #guint64 `latency`: how far behind the newest frame the decision came, in ns
 *
 * `hmm-stats`, at the end of the stream and every #hmmstreamdecode:stats-interval: the four times,
 * and the fields of #hmmstreamdecode:stats.
 *
 * ## Example
 * |[
 * gst-launch-1.0 -m filesrc location=speech.wav ! wavparse ! audioconvert ! audioresample ! \
 *     hmmmelfeatures ! hmmstreamdecode ! fakesink
 * ]|
 */
#include "plugins/gsthmmstreamdecode.h"

#include <gst/base/gstflowcombiner.h>

#include <memory>
#include <numeric>
#include <string>
#include <utility>

#include "core/inference/decoder_model.h"
#include "plugins/decode_session.h"
#include "plugins/exception_guard.h"
#include "plugins/feature_caps.h"
#include "plugins/message_times.h"
#include "plugins/model_loader.h"
#include "plugins/stream_decode_settings.h"

GST_DEBUG_CATEGORY_STATIC(hmm_stream_decode_debug);
#define GST_CAT_DEFAULT hmm_stream_decode_debug

namespace {

using namespace hmm;
using namespace hmm::gst;
using Settings = StreamDecodeSettings;

/// What a stream leaves behind when it stops.
struct State {
  std::unique_ptr<DecodeSession> session;
  FeatureFormat format;
  GstSegment segment;
  bool live_checked = false;
  bool caps_refused = false;  // and said so

  State() { gst_segment_init(&segment, GST_FORMAT_UNDEFINED); }
};

GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE(
    "sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS(HMM_FEATURES_CAPS("{ logmel, mfcc }")));
GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE(
    "src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS("text/x-raw, format=(string)utf8"));
GstStaticPadTemplate features_template =
    GST_STATIC_PAD_TEMPLATE("features_src", GST_PAD_SRC, GST_PAD_REQUEST,
                            GST_STATIC_CAPS(HMM_FEATURES_CAPS("{ logmel, mfcc }")));

}  // namespace

struct Decoder {
  Settings settings;  // under the object lock
  State state;        // of the streaming thread; reset when no streaming thread runs
  ModelLoader<DecoderModel> model;
  FrontEndConfig front_end;  // of the model, from NULL->READY on
  std::filesystem::path model_path;
  DecodeStats stats;
  GstClockTime max_observed_delay = 0;  // under the object lock
};

struct _GstHmmStreamDecode {
  GstElement parent;
  GstPad* sink;
  GstPad* src;
  GstPad* features;  // under the object lock; null: not requested
  GstFlowCombiner* flows;
  Decoder* decoder;
};

G_DEFINE_TYPE(GstHmmStreamDecode, gst_hmm_stream_decode, GST_TYPE_ELEMENT)
GST_ELEMENT_REGISTER_DEFINE(hmmstreamdecode, "hmmstreamdecode", GST_RANK_NONE,
                            GST_TYPE_HMM_STREAM_DECODE)

namespace {

Settings settings_of(GstHmmStreamDecode* self) {
  GST_OBJECT_LOCK(self);
  Settings settings = self->decoder->settings;
  GST_OBJECT_UNLOCK(self);
  return settings;
}

/// The features pad, referenced; null when there is none.
GstPad* ref_features_pad(GstHmmStreamDecode* self) {
  GST_OBJECT_LOCK(self);
  GstPad* pad = self->features;
  if (pad != nullptr) gst_object_ref(pad);
  GST_OBJECT_UNLOCK(self);
  return pad;
}

struct PadUnref {
  void operator()(GstPad* pad) const { gst_object_unref(pad); }
};
using PadPtr = std::unique_ptr<GstPad, PadUnref>;

FeatureFormat wanted_format(const FrontEndConfig& model) {
  const FrontEndConfig front_end = before_normalization(model);
  FeatureFormat format;
  format.dimension = front_end.dimension();
  const int divisor = std::gcd(front_end.sample_rate, front_end.hop_samples);
  format.frames = front_end.sample_rate / divisor;
  format.seconds = front_end.hop_samples / divisor;
  format.layout = front_end.layout() == FeatureLayout::logmel ? "logmel" : "mfcc";
  format.sample_rate = front_end.sample_rate;
  format.front_end = front_end.digest();
  return format;
}

/// Text is optional where the frames or the messages are what is wanted.
GstFlowReturn combine(GstHmmStreamDecode* self, const DecodeSession::Flow& flow, GstPad* features) {
  GstFlowReturn text = flow.text;
  if (text == GST_FLOW_NOT_LINKED && (features != nullptr || settings_of(self).post_messages)) {
    text = GST_FLOW_OK;
  }
  GstFlowReturn result = gst_flow_combiner_update_pad_flow(self->flows, self->src, text);
  if (features != nullptr) {
    result = gst_flow_combiner_update_pad_flow(self->flows, features, flow.features);
  }
  return result;
}

/// Live streams need a bounded lag; how late upstream's buffers come is asked once a stream.
void check_live(GstHmmStreamDecode* self, const Settings& settings) {
  Decoder& decoder = *self->decoder;
  if (decoder.state.live_checked) return;
  decoder.state.live_checked = true;
  const QueryPtr query(gst_query_new_latency());
  gboolean live = FALSE;
  GstClockTime least = 0;
  if (gst_pad_peer_query(self->sink, query.get())) {
    gst_query_parse_latency(query.get(), &live, &least, nullptr);
  }
  if (!live) return;
  if (settings.lag == 0) {
    throw SettingsError(
        "lag=0 (decide only when certain) has no bounded latency and cannot be used with a live "
        "source; set lag to some milliseconds");
  }
  const GstClockTime smallest = smallest_latency(settings.for_session().lag, decoder.state.format);
  if (settings.for_session().latency < smallest) {
    throw SettingsError("a lag of " + std::to_string(settings.lag) +
                        " ms does not fit into a latency of " + std::to_string(settings.latency) +
                        " ms; the smallest latency that works is " +
                        std::to_string((smallest + GST_MSECOND - 1) / GST_MSECOND) + " ms");
  }
  decoder.state.session->set_upstream_latency(least);
}

/// Posts a warning when a result came later than promised, and remembers the longest delay.
void note_delay(GstHmmStreamDecode* self, const Settings& settings) {
  const GstClockTime delay = self->decoder->state.session->largest_delay();
  GST_OBJECT_LOCK(self);
  const bool grown = delay > self->decoder->max_observed_delay;
  if (grown) self->decoder->max_observed_delay = delay;
  GST_OBJECT_UNLOCK(self);
  if (!grown) return;
  g_object_notify(G_OBJECT(self), "max-observed-delay");
  if (delay > settings.for_session().latency) {
    GST_ELEMENT_WARNING_WITH_DETAILS(
        self, CORE, CLOCK,
        ("Decoding is too slow: a result came %u ms late.",
         static_cast<guint>(delay / GST_MSECOND) - settings.latency),
        ("Raise latency to at least %u ms, or decode with a smaller model.",
         static_cast<guint>(delay / GST_MSECOND)),
        ("max-observed-delay", G_TYPE_UINT, static_cast<guint>(delay / GST_MSECOND), NULL));
  }
}

/// Makes the session when there is none. False: the model did not come (posted or interrupted).
bool prepare_session(GstHmmStreamDecode* self, const Settings& settings) {
  Decoder& decoder = *self->decoder;
  if (!decoder.state.session) {
    const auto model = decoder.model.wait();
    if (!model) return false;
    decoder.state.session =
        std::make_unique<DecodeSession>(model, settings.for_session(), decoder.state.format);
  }
  check_live(self, settings);
  return true;
}

DecodeSession::Outputs outputs_of(GstHmmStreamDecode* self, GstPad* features) {
  return {GST_ELEMENT(self), self->src, features, &self->decoder->stats};
}

GstFlowReturn drain(GstHmmStreamDecode* self) {
  Decoder& decoder = *self->decoder;
  if (!decoder.state.session) return GST_FLOW_OK;
  const PadPtr features(ref_features_pad(self));
  const DecodeSession::Outputs outputs = outputs_of(self, features.get());
  return combine(self, decoder.state.session->drain(decoder.state.segment, outputs),
                 features.get());
}

GstFlowReturn chain(GstPad*, GstObject* parent, GstBuffer* input) {
  auto* self = GST_HMM_STREAM_DECODE(parent);
  BufferPtr buffer(input);
  return guarded(GST_ELEMENT(self), GST_FLOW_ERROR, [&]() -> GstFlowReturn {
    Decoder& decoder = *self->decoder;
    const Settings settings = settings_of(self);
    if (decoder.state.format.dimension == 0) return GST_FLOW_NOT_NEGOTIATED;
    if (decoder.state.segment.format != GST_FORMAT_TIME || !GST_BUFFER_PTS_IS_VALID(buffer.get())) {
      throw StreamFormatError("frames need timestamps; this buffer has none");
    }
    if (!prepare_session(self, settings)) {
      return GST_PAD_IS_FLUSHING(self->sink) ? GST_FLOW_FLUSHING : GST_FLOW_ERROR;
    }
    const PadPtr features(ref_features_pad(self));
    const DecodeSession::Flow flow = decoder.state.session->push(
        std::move(buffer), decoder.state.segment, outputs_of(self, features.get()));
    note_delay(self, settings);
    return combine(self, flow, features.get());
  });
}

/// The frames' caps: what fits the model only.
gboolean set_caps(GstHmmStreamDecode* self, GstCaps* caps) {
  Decoder& decoder = *self->decoder;
  const FeatureFormat format = FeatureFormat::parse(caps);
  const FeatureFormat wanted = wanted_format(decoder.front_end);
  const bool fits = format.form == FeatureFormat::Form::kTensors
                        ? format.dimension == wanted.dimension && format.frames == wanted.frames &&
                              format.seconds == wanted.seconds
                        : format == wanted;
  if (!fits) {
    if (std::exchange(decoder.state.caps_refused, true)) return FALSE;
    throw StreamFormatError("the frames do not fit the model " + decoder.model_path.string() +
                            ": it needs " + caps_text(wanted.to_caps().get()) + " but gets " +
                            caps_text(caps));
  }
  decoder.state.caps_refused = false;
  if (decoder.state.format == format) return TRUE;
  drain(self);
  decoder.state.session.reset();
  decoder.state.format = format;
  const CapsPtr text(gst_caps_new_simple("text/x-raw", "format", G_TYPE_STRING, "utf8", nullptr));
  return gst_pad_push_event(self->src, gst_event_new_caps(text.get()));
}

void push_language(GstHmmStreamDecode* self) {
  const std::string code = settings_of(self).language_code;
  if (code.empty()) return;
  gst_pad_push_event(
      self->src, gst_event_new_tag(gst_tag_list_new(GST_TAG_LANGUAGE_CODE, code.c_str(), nullptr)));
}

/// Results first, then the event.
gboolean drain_and_forward(GstHmmStreamDecode* self, GstPad* pad, GstEvent* event) {
  guarded(GST_ELEMENT(self), [&] { drain(self); });
  return gst_pad_event_default(pad, GST_OBJECT(self), event);
}

gboolean handle_segment(GstHmmStreamDecode* self, GstPad* pad, GstEvent* event) {
  GstSegment segment;
  gst_event_copy_segment(event, &segment);
  return guarded(GST_ELEMENT(self), FALSE, [&]() -> gboolean {
    const EventPtr owned(event);
    if (segment.format != GST_FORMAT_TIME) {
      throw StreamFormatError(std::string("frames need a segment in time, not in ") +
                              gst_format_get_name(segment.format));
    }
    drain(self);
    self->decoder->state.segment = segment;
    const gboolean sent = gst_pad_event_default(pad, GST_OBJECT(self), gst_event_ref(event));
    push_language(self);
    return sent;
  });
}

gboolean handle_eos(GstHmmStreamDecode* self, GstPad* pad, GstEvent* event) {
  guarded(GST_ELEMENT(self), [&] {
    drain(self);
    State& state = self->decoder->state;
    if (state.session) state.session->post_stats(state.segment, outputs_of(self, nullptr));
  });
  return gst_pad_event_default(pad, GST_OBJECT(self), event);
}

gboolean sink_event(GstPad* pad, GstObject* parent, GstEvent* event) {
  auto* self = GST_HMM_STREAM_DECODE(parent);
  Decoder& decoder = *self->decoder;
  switch (GST_EVENT_TYPE(event)) {
    case GST_EVENT_CAPS: {
      GstCaps* caps;
      gst_event_parse_caps(event, &caps);
      const gboolean accepted =
          guarded(GST_ELEMENT(self), FALSE, [&] { return set_caps(self, caps); });
      const PadPtr features(ref_features_pad(self));
      if (accepted && features) gst_pad_push_event(features.get(), gst_event_ref(event));
      gst_event_unref(event);
      return accepted;
    }
    case GST_EVENT_SEGMENT:
      return handle_segment(self, pad, event);
    case GST_EVENT_EOS:
      return handle_eos(self, pad, event);
    case GST_EVENT_GAP:
    case GST_EVENT_SEGMENT_DONE:
      return drain_and_forward(self, pad, event);
    case GST_EVENT_FLUSH_START:
      decoder.model.interrupt();
      return gst_pad_event_default(pad, parent, event);
    case GST_EVENT_FLUSH_STOP:
      decoder.model.resume();
      decoder.state.session.reset();
      decoder.state.live_checked = false;
      gst_segment_init(&decoder.state.segment, GST_FORMAT_UNDEFINED);
      gst_flow_combiner_reset(self->flows);
      return gst_pad_event_default(pad, parent, event);
    default:
      return gst_pad_event_default(pad, parent, event);
  }
}

/// Both the caps that a model allows and the form that every tensor element speaks.
CapsPtr sink_caps(GstHmmStreamDecode* self) {
  CapsPtr caps(gst_pad_get_pad_template_caps(self->sink));
  GST_OBJECT_LOCK(self);
  const bool known = !self->decoder->model_path.empty();
  const FrontEndConfig front_end = self->decoder->front_end;
  GST_OBJECT_UNLOCK(self);
  if (!known) return caps;
  FeatureFormat format = wanted_format(front_end);
  GstCaps* wanted = format.to_caps().release();
  format.form = FeatureFormat::Form::kTensors;
  gst_caps_append(wanted, format.to_caps().release());
  return CapsPtr(wanted);
}

gboolean sink_query(GstPad* pad, GstObject* parent, GstQuery* query) {
  if (GST_QUERY_TYPE(query) != GST_QUERY_CAPS) return gst_pad_query_default(pad, parent, query);
  auto* self = GST_HMM_STREAM_DECODE(parent);
  return guarded(GST_ELEMENT(self), FALSE, [&]() -> gboolean {
    GstCaps* filter;
    gst_query_parse_caps(query, &filter);
    CapsPtr caps = sink_caps(self);
    if (filter != nullptr) {
      caps.reset(gst_caps_intersect_full(filter, caps.get(), GST_CAPS_INTERSECT_FIRST));
    }
    gst_query_set_caps_result(query, caps.get());
    return TRUE;
  });
}

gboolean src_query(GstPad* pad, GstObject* parent, GstQuery* query) {
  if (GST_QUERY_TYPE(query) != GST_QUERY_LATENCY) return gst_pad_query_default(pad, parent, query);
  auto* self = GST_HMM_STREAM_DECODE(parent);
  if (!gst_pad_peer_query(self->sink, query)) return FALSE;
  gboolean live;
  GstClockTime least, most;
  gst_query_parse_latency(query, &live, &least, &most);
  if (live) {
    const Settings settings = settings_of(self);
    const GstClockTime ours = settings.for_session().latency;
    least += ours;
    if (most != GST_CLOCK_TIME_NONE) most += ours;
    gst_query_set_latency(query, live, least, most);
  }
  return TRUE;
}

gboolean copy_sticky_event(GstPad*, GstEvent** event, gpointer features) {
  if (GST_EVENT_TYPE(*event) != GST_EVENT_EOS) {
    gst_pad_store_sticky_event(GST_PAD(features), *event);
  }
  return TRUE;
}

GstPad* request_new_pad(GstElement* element, GstPadTemplate* pad_template, const gchar*,
                        const GstCaps*) {
  auto* self = GST_HMM_STREAM_DECODE(element);
  GstPad* pad = gst_pad_new_from_template(pad_template, "features_src");
  GST_OBJECT_LOCK(self);
  const bool taken = self->features != nullptr;
  if (!taken) self->features = GST_PAD(gst_object_ref_sink(pad));
  GST_OBJECT_UNLOCK(self);
  if (taken) {
    GST_WARNING_OBJECT(self, "there is one features_src pad only");
    gst_object_unref(gst_object_ref_sink(pad));
    return nullptr;
  }
  gst_pad_set_query_function(pad, src_query);
  gst_pad_set_active(pad, TRUE);
  gst_pad_sticky_events_foreach(self->sink, copy_sticky_event, pad);
  gst_flow_combiner_add_pad(self->flows, pad);
  gst_element_add_pad(element, pad);
  return pad;
}

void release_pad(GstElement* element, GstPad* pad) {
  auto* self = GST_HMM_STREAM_DECODE(element);
  GST_OBJECT_LOCK(self);
  const bool ours = self->features == pad;
  if (ours) self->features = nullptr;
  GST_OBJECT_UNLOCK(self);
  if (!ours) return;
  gst_pad_set_active(pad, FALSE);
  gst_flow_combiner_remove_pad(self->flows, pad);
  gst_element_remove_pad(element, pad);
  gst_object_unref(pad);
}

/// Reads the model's small header, so that caps can be answered.
void open_model(GstHmmStreamDecode* self) {
  const Settings settings = settings_of(self);
  const std::filesystem::path path =
      settings.model.empty() ? default_decoder_model() : std::filesystem::path(settings.model);
  const FrontEndConfig front_end = read_front_end(path);
  if (settings.model.empty()) GST_INFO_OBJECT(self, "no model set, taking %s", path.c_str());
  GST_OBJECT_LOCK(self);
  self->decoder->model_path = path;
  self->decoder->front_end = front_end;
  GST_OBJECT_UNLOCK(self);
}

void start_loading(GstHmmStreamDecode* self) {
  const Settings settings = settings_of(self);
  Decoder& decoder = *self->decoder;
  decoder.stats.reset();
  DecoderSettings wanted;
  wanted.model = decoder.model_path;
  wanted.language_model = settings.language_model.empty()
                              ? phone_language_model_beside(wanted.model)
                              : std::filesystem::path(settings.language_model);
  wanted.insertion_weight = static_cast<float>(settings.insertion_weight);
  GST_INFO_OBJECT(self, "model %s, language model %s", wanted.model.c_str(),
                  wanted.language_model.empty() ? "none" : wanted.language_model.c_str());
  decoder.model.start(GST_ELEMENT(self), "Loading the acoustic model",
                      [wanted] { return load_decoder_model(wanted); });
}

GstStateChangeReturn change_state(GstElement* element, GstStateChange transition) {
  auto* self = GST_HMM_STREAM_DECODE(element);
  const bool started = guarded(element, false, [&] {
    if (transition == GST_STATE_CHANGE_NULL_TO_READY) open_model(self);
    if (transition == GST_STATE_CHANGE_READY_TO_PAUSED) start_loading(self);
    return true;
  });
  if (!started) return GST_STATE_CHANGE_FAILURE;
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY) self->decoder->model.interrupt();

  const GstStateChangeReturn result =
      GST_ELEMENT_CLASS(gst_hmm_stream_decode_parent_class)->change_state(element, transition);

  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY) {
    self->decoder->state = State();
    self->decoder->model.reset();
    gst_flow_combiner_reset(self->flows);
  } else if (transition == GST_STATE_CHANGE_READY_TO_NULL) {
    GST_OBJECT_LOCK(self);
    self->decoder->model_path.clear();
    GST_OBJECT_UNLOCK(self);
  }
  return result;
}

void set_property(GObject* object, guint id, const GValue* value, GParamSpec* spec) {
  auto* self = GST_HMM_STREAM_DECODE(object);
  GST_OBJECT_LOCK(self);
  const guint latency = self->decoder->settings.latency;
  const bool known = self->decoder->settings.set(id, value);
  const bool latency_changed = latency != self->decoder->settings.latency;
  GST_OBJECT_UNLOCK(self);
  if (!known) G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
  if (latency_changed) {
    gst_element_post_message(GST_ELEMENT(self), gst_message_new_latency(GST_OBJECT(self)));
  }
}

void get_property(GObject* object, guint id, GValue* value, GParamSpec* spec) {
  auto* self = GST_HMM_STREAM_DECODE(object);
  const Settings settings = settings_of(self);
  if (id == StreamDecodeSettings::PROP_MAX_OBSERVED_DELAY) {
    GST_OBJECT_LOCK(self);
    g_value_set_uint(value, static_cast<guint>(self->decoder->max_observed_delay / GST_MSECOND));
    GST_OBJECT_UNLOCK(self);
  } else if (id == StreamDecodeSettings::PROP_STATS) {
    g_value_take_boxed(value, self->decoder->stats.to_structure(settings.for_session().lag));
  } else if (!settings.get(id, value)) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
  }
}

void finalize(GObject* object) {
  auto* self = GST_HMM_STREAM_DECODE(object);
  if (self->features != nullptr) gst_object_unref(self->features);
  gst_flow_combiner_free(self->flows);
  delete self->decoder;
  G_OBJECT_CLASS(gst_hmm_stream_decode_parent_class)->finalize(object);
}

}  // namespace

static void gst_hmm_stream_decode_class_init(GstHmmStreamDecodeClass* klass) {
  GST_DEBUG_CATEGORY_INIT(hmm_stream_decode_debug, "hmmstreamdecode", 0, "hmmstreamdecode element");
  auto* object_class = G_OBJECT_CLASS(klass);
  auto* element_class = GST_ELEMENT_CLASS(klass);
  object_class->set_property = set_property;
  object_class->get_property = get_property;
  object_class->finalize = finalize;
  StreamDecodeSettings::install_properties(object_class);
  element_class->change_state = GST_DEBUG_FUNCPTR(change_state);
  element_class->request_new_pad = GST_DEBUG_FUNCPTR(request_new_pad);
  element_class->release_pad = GST_DEBUG_FUNCPTR(release_pad);
  gst_element_class_add_static_pad_template(element_class, &sink_template);
  gst_element_class_add_static_pad_template(element_class, &src_template);
  gst_element_class_add_static_pad_template(element_class, &features_template);
  gst_element_class_set_static_metadata(
      element_class, "HMM stream decoder", "Converter/Audio/Text",
      "Decodes feature frames online with a hidden Markov model: phones as timed text, states with "
      "confidences on the bus",
      "The hmm authors");
}

static void gst_hmm_stream_decode_init(GstHmmStreamDecode* self) {
  self->decoder = new Decoder();
  self->features = nullptr;
  self->flows = gst_flow_combiner_new();
  self->sink = gst_pad_new_from_static_template(&sink_template, "sink");
  gst_pad_set_chain_function(self->sink, GST_DEBUG_FUNCPTR(chain));
  gst_pad_set_event_function(self->sink, GST_DEBUG_FUNCPTR(sink_event));
  gst_pad_set_query_function(self->sink, GST_DEBUG_FUNCPTR(sink_query));
  // Caps that do not fit the model reach the event function, which says why they do not.
  GST_PAD_SET_ACCEPT_TEMPLATE(self->sink);
  gst_element_add_pad(GST_ELEMENT(self), self->sink);
  self->src = gst_pad_new_from_static_template(&src_template, "src");
  gst_pad_use_fixed_caps(self->src);
  gst_pad_set_query_function(self->src, GST_DEBUG_FUNCPTR(src_query));
  gst_element_add_pad(GST_ELEMENT(self), self->src);
  gst_flow_combiner_add_pad(self->flows, self->src);
}
