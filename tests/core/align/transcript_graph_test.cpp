#include "core/align/transcript_graph.h"

#include <gtest/gtest.h>

#include <set>

#include "core/base/error.h"
#include "core/base/log_math.h"
#include "core/compute/backend.h"

namespace hmm {
namespace {

/// SIL (filler), A and B, of two states each that read senones 0 to 5.
AcousticModel small_model() {
  AcousticModel model;
  PhoneSet::Builder builder(2);
  int32_t senone = 0;
  for (const char* name : {"SIL", "A", "B"}) {
    const std::vector<int32_t> senones = {senone, senone + 1};
    builder.add_phone(name, senone == 0, senones, 0);
    senone += 2;
  }
  model.phones = builder.build(0);
  const float none = kLogZero<float>, half = std::log(0.5F);
  model.transitions.states = 2;
  model.transitions.log_probabilities = {half, half, none, none, half, half};
  return model;
}

/// The labels of the best path through scores that favour `senones`, one a frame.
std::vector<std::string> decode(const DecodingGraph& graph, const std::vector<int>& senones) {
  Matrix scores(senones.size(), 6, -20);
  for (std::size_t t = 0; t < senones.size(); ++t) {
    scores(t, static_cast<std::size_t>(senones[t])) = 0;
  }
  compute::Backend& backend = compute::cpu_backend();
  std::vector<int32_t> path(senones.size());
  double score = 0;
  const std::vector<int64_t> splits = {0, static_cast<int64_t>(senones.size())};
  backend.viterbi(*backend.load(graph.transitions), splits,
                  {scores.data(), scores.rows(), scores.columns()}, path, {&score, 1});
  std::vector<std::string> labels;
  if (score == kLogZero<double>) return {"impossible"};
  int32_t before = -1;
  for (const int32_t state : path) {
    const int32_t label = graph.label_of[static_cast<std::size_t>(state)];
    if (label != before) labels.push_back(graph.labels[static_cast<std::size_t>(label)]);
    before = label;
  }
  return labels;
}

using Labels = std::vector<std::string>;

TEST(TranscriptGraph, SilenceIsOptionalEverywhere) {
  const std::vector<std::vector<int>> words = {{1, 2}, {1}};
  const DecodingGraph graph = transcript_graph(small_model(), words);
  EXPECT_EQ(graph.labels, (Labels{"SIL", "A", "B", "SIL", "A", "SIL"}));
  EXPECT_EQ(decode(graph, {2, 3, 4, 5, 2, 3}), (Labels{"A", "B", "A"}));
  EXPECT_EQ(decode(graph, {0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 0, 1}),
            (Labels{"SIL", "A", "B", "SIL", "A", "SIL"}));
}

TEST(TranscriptGraph, TheWholeTranscriptMustBeSpoken) {
  const std::vector<std::vector<int>> words = {{1}, {2}};
  const DecodingGraph graph = transcript_graph(small_model(), words);
  // The audio says A only; B must still come.
  EXPECT_EQ(decode(graph, {2, 3, 3, 3, 3, 3}).back(), "B");
  EXPECT_EQ(decode(graph, {2, 3, 4}), (Labels{"impossible"}));
}

TEST(TranscriptGraph, WrongTranscriptsAreRefused) {
  const AcousticModel model = small_model();
  const std::vector<std::vector<int>> none, empty_word = {{1}, {}}, unknown = {{7}};
  EXPECT_THROW(transcript_graph(model, none), SettingsError);
  EXPECT_THROW(transcript_graph(model, empty_word), SettingsError);
  EXPECT_THROW(transcript_graph(model, unknown), SettingsError);
}

}  // namespace
}  // namespace hmm
