#include "plugins/state_meta.h"

#include <algorithm>

namespace hmm::gst {

void register_state_meta() {
  static const gchar* no_tags[] = {nullptr};
  gst_meta_register_custom(HMM_STATE_META, no_tags, nullptr, nullptr, nullptr);
}

const char* commit_name(compute::Commit::Kind kind) {
  return kind == compute::Commit::Kind::kExact ? "exact" : "forced";
}

void add_state_meta(GstBuffer* buffer, int64_t first_frame, int64_t frames,
                    std::span<const DecodedRun> runs, const DecodingGraph& graph) {
  GValue states = G_VALUE_INIT;
  gst_value_array_init(&states, static_cast<guint>(runs.size()));
  for (const DecodedRun& run : runs) {
    const int64_t start = std::max(run.first_frame, first_frame);
    const int64_t end = std::min(run.first_frame + run.frames, first_frame + frames);
    if (start >= end) continue;
    const auto state = static_cast<std::size_t>(run.id);
    GstStructure* fields = gst_structure_new(
        "hmm-state", "first-frame", G_TYPE_INT, static_cast<gint>(start - first_frame), "frames",
        G_TYPE_INT, static_cast<gint>(end - start), "state", G_TYPE_INT, run.id, "label",
        G_TYPE_STRING, graph.labels[static_cast<std::size_t>(graph.label_of[state])].c_str(),
        "confidence", G_TYPE_DOUBLE, run.confidence, "log-likelihood", G_TYPE_DOUBLE,
        run.log_likelihood, "commit", G_TYPE_STRING, commit_name(run.commit), nullptr);
    GValue item = G_VALUE_INIT;
    g_value_init(&item, GST_TYPE_STRUCTURE);
    g_value_take_boxed(&item, fields);
    gst_value_array_append_and_take_value(&states, &item);
  }
  GstCustomMeta* meta = gst_buffer_add_custom_meta(buffer, HMM_STATE_META);
  gst_structure_take_value(gst_custom_meta_get_structure(meta), "states", &states);
}

}  // namespace hmm::gst
