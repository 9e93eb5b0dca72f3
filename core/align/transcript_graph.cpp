#include "core/align/transcript_graph.h"

#include <algorithm>
#include <string>
#include <tuple>

#include "core/base/error.h"
#include "core/base/log_math.h"

namespace hmm {
namespace {

/// Adds phones to a graph and connects them.
class GraphBuilder {
 public:
  explicit GraphBuilder(const AcousticModel& model) : model_(model) {}

  /// Adds the states of a phone; it may follow any of `before` (phones added earlier). Returns its
  /// number.
  int add(int phone, const std::vector<int>& before) {
    const PhoneSet& set = model_.phones;
    const int states = set.states_per_phone();
    const int place = static_cast<int>(graph_.labels.size());
    const int hmm = set.hmm(phone);
    graph_.labels.push_back(set.name(phone));
    graph_.filler.push_back(set.is_filler(phone) ? 1 : 0);
    matrices_.push_back(set.transition_matrix(hmm));
    for (int state = 0; state < states; ++state) {
      graph_.label_of.push_back(place);
      graph_.starts_unit.push_back(state == 0 ? 1 : 0);
      chain().emission_of.push_back(set.senones(hmm)[static_cast<std::size_t>(state)]);
      for (int target = 0; target < states; ++target) {
        add_arc(place, state, place, target, log_within(place, state, target));
      }
    }
    for (const int earlier : before) {
      for (int state = 0; state < states; ++state) {
        add_arc(earlier, state, place, 0, log_within(earlier, state, states));
      }
    }
    return place;
  }

  /// Paths begin in one of `first` and end by leaving one of `last`.
  DecodingGraph finish(const std::vector<int>& first, const std::vector<int>& last) {
    const int states = model_.phones.states_per_phone();
    chain().states = static_cast<int>(graph_.label_of.size());
    chain().log_initial.assign(graph_.label_of.size(), kLogZero<float>);
    chain().log_final.assign(graph_.label_of.size(), kLogZero<float>);
    for (const int place : first) {
      chain().log_initial[static_cast<std::size_t>(place * states)] =
          -std::log(static_cast<float>(first.size()));
    }
    for (const int place : last) {
      for (int state = 0; state < states; ++state) {
        chain().log_final[static_cast<std::size_t>(place * states + state)] =
            log_within(place, state, states);
      }
    }
    std::sort(chain().arcs.begin(), chain().arcs.end(), [](const auto& a, const auto& b) {
      return std::tie(a.target, a.source) < std::tie(b.target, b.source);
    });
    graph_.validate();
    return std::move(graph_);
  }

 private:
  compute::Transitions& chain() { return graph_.transitions; }

  float log_within(int place, int state, int target) const {
    return model_.transitions.matrix(matrices_[static_cast<std::size_t>(place)])(
        static_cast<std::size_t>(state), static_cast<std::size_t>(target));
  }

  void add_arc(int from, int state, int to, int target, float log_probability) {
    if (log_probability == kLogZero<float>) return;
    const int states = model_.phones.states_per_phone();
    chain().arcs.push_back({from * states + state, to * states + target, log_probability});
  }

  const AcousticModel& model_;
  DecodingGraph graph_;
  std::vector<int> matrices_;  // of each place
};

}  // namespace

DecodingGraph transcript_graph(const AcousticModel& model,
                               std::span<const std::vector<int>> words) {
  if (words.empty()) throw SettingsError("there is no word to align");
  const int silence = model.phones.silence();
  GraphBuilder builder(model);
  std::vector<int> before = {builder.add(silence, {})};
  std::vector<int> first = before;
  for (std::size_t word = 0; word < words.size(); ++word) {
    if (words[word].empty()) {
      throw SettingsError("word " + std::to_string(word + 1) + " has no pronunciation");
    }
    for (std::size_t i = 0; i < words[word].size(); ++i) {
      const int phone = words[word][i];
      if (phone < 0 || phone >= model.phones.size()) {
        throw SettingsError("word " + std::to_string(word + 1) +
                            " has a phone that the model lacks");
      }
      before = {builder.add(phone, before)};
      if (word == 0 && i == 0) first.push_back(before[0]);
    }
    before.push_back(builder.add(silence, before));
  }
  return builder.finish(first, before);
}

}  // namespace hmm
