#include "core/model/topology/adaptive.h"

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/base/log_math.h"

namespace hmm::topology {

Transitions reweighted(const Transitions& base, std::span<const float> arc_logits) {
  if (arc_logits.size() != base.arcs.size()) {
    throw SettingsError("the topology has " + std::to_string(base.arcs.size()) +
                        " transitions, but " + std::to_string(arc_logits.size()) +
                        " weights were given for them");
  }
  const auto states = static_cast<std::size_t>(base.states);
  std::vector<double> mass(states, kLogZero<double>);
  std::vector<double> weighted(states, kLogZero<double>);
  for (std::size_t a = 0; a < arc_logits.size(); ++a) {
    if (!std::isfinite(arc_logits[a])) {
      throw DataError("the weight of transition " + std::to_string(a) + " is not a finite number");
    }
    const auto row = static_cast<std::size_t>(base.arcs[a].source);
    const double log_probability = base.arcs[a].log_probability;
    mass[row] = log_add(mass[row], log_probability);
    weighted[row] = log_add(weighted[row], log_probability + arc_logits[a]);
  }
  Transitions result = base;
  for (std::size_t a = 0; a < arc_logits.size(); ++a) {
    float& value = result.arcs[a].log_probability;
    if (value == kLogZero<float>) continue;
    const auto row = static_cast<std::size_t>(base.arcs[a].source);
    value = static_cast<float>(double{value} + arc_logits[a] - weighted[row] + mass[row]);
  }
  return result;
}

ContextAdaptive::ContextAdaptive(Transitions base, Matrix weights)
    : base_(std::move(base)), weights_(std::move(weights)) {
  base_.validate();
  if (weights_.rows() != base_.arcs.size()) {
    throw SettingsError("the context weights have " + std::to_string(weights_.rows()) +
                        " rows for a topology of " + std::to_string(base_.arcs.size()) +
                        " transitions");
  }
}

Transitions ContextAdaptive::transitions(std::span<const float> context) const {
  if (context.size() != weights_.columns()) {
    throw DataError("the context has " + std::to_string(context.size()) +
                    " values; the model takes " + std::to_string(weights_.columns()));
  }
  std::vector<float> logits;
  for (std::size_t a = 0; a < weights_.rows(); ++a) {
    double sum = 0;
    for (std::size_t c = 0; c < context.size(); ++c) sum += double{weights_(a, c)} * context[c];
    logits.push_back(static_cast<float>(sum));
  }
  return reweighted(base_, logits);
}

Transitions attention_based(const Transitions& base, MatrixView queries, MatrixView keys,
                            double sharpness) {
  const auto states = static_cast<std::size_t>(base.states);
  if (queries.rows != states || keys.rows != states || queries.columns != keys.columns ||
      queries.columns == 0) {
    throw SettingsError(
        "attention needs one query and one key of the same length for each of the " +
        std::to_string(states) + " states");
  }
  const double scale = sharpness / std::sqrt(static_cast<double>(queries.columns));
  std::vector<float> logits;
  for (const auto& arc : base.arcs) {
    double dot = 0;
    for (std::size_t e = 0; e < queries.columns; ++e) {
      dot += double{queries(static_cast<std::size_t>(arc.source), e)} *
             keys(static_cast<std::size_t>(arc.target), e);
    }
    logits.push_back(static_cast<float>(scale * dot));
  }
  return reweighted(base, logits);
}

}  // namespace hmm::topology
