#include "core/compute/parameters.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "core/base/error.h"

namespace hmm::compute {
namespace {

void require(bool condition, const std::string& complaint) {
  if (!condition) throw SettingsError(complaint);
}

void require_finite(const std::vector<float>& values, const char* what) {
  require(std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); }),
          std::string(what) + " must be finite numbers");
}

void require_positive(const std::vector<float>& values, const char* what) {
  require(
      std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v) && v > 0; }),
      std::string(what) + " must be finite numbers above 0");
}

void require_log_probabilities(const std::vector<float>& values, const char* what) {
  // A probability density has no place here, but rounding may leave a log slightly above 0.
  require(std::all_of(values.begin(), values.end(), [](float v) { return v <= 1e-3F; }),
          std::string(what) + " must be logarithms of probabilities (at most 0, -inf allowed)");
}

}  // namespace

void GaussianMixtures::validate() const {
  require(states > 0 && components > 0 && dimension > 0,
          "a mixture model needs at least one state, one component and one dimension");
  const auto densities = static_cast<std::size_t>(states) * static_cast<std::size_t>(components);
  const auto values = densities * static_cast<std::size_t>(dimension);
  require(means.size() == values && variances.size() == values && log_weights.size() == densities,
          "means and variances must be [states x components x dimension] and weights "
          "[states x components]");
  require_finite(means, "means");
  require_positive(variances, "variances");
  require_log_probabilities(log_weights, "mixture weights");
}

int TiedMixtures::dimension() const {
  return std::accumulate(stream_dimensions.begin(), stream_dimensions.end(), 0);
}

void TiedMixtures::validate() const {
  require(codebooks > 0 && densities > 0 && !stream_dimensions.empty() && !codebook_of.empty(),
          "a tied-mixture model needs at least one codebook, density, feature stream and state");
  require(
      std::all_of(stream_dimensions.begin(), stream_dimensions.end(), [](int d) { return d > 0; }),
      "every feature stream needs at least one dimension");
  const auto rows = static_cast<std::size_t>(codebooks) * static_cast<std::size_t>(densities);
  const auto values = rows * static_cast<std::size_t>(dimension());
  require(means.size() == values && variances.size() == values,
          "means and variances must be [codebooks x densities x dimension]");
  require(weights.size() ==
              codebook_of.size() * stream_dimensions.size() * static_cast<std::size_t>(densities),
          "weights must be [states x feature streams x densities]");
  require(std::all_of(codebook_of.begin(), codebook_of.end(),
                      [this](int32_t c) { return c >= 0 && c < codebooks; }),
          "a state names a codebook that does not exist");
  require_finite(means, "means");
  require_positive(variances, "variances");
  require(std::all_of(weights.begin(), weights.end(),
                      [](float w) { return std::isfinite(w) && w >= 0; }),
          "mixture weights must be finite and at least 0");
}

int Transitions::emissions() const {
  if (emission_of.empty()) return states;
  return 1 + *std::max_element(emission_of.begin(), emission_of.end());
}

void Transitions::validate() const {
  require(states > 0, "a model needs at least one state");
  const auto n = static_cast<std::size_t>(states);
  require(log_initial.size() == n && log_final.size() == n,
          "initial and final probabilities must be given for each state");
  require(emission_of.empty() || emission_of.size() == n,
          "the emission of each state must be given, or of none");
  require(std::all_of(emission_of.begin(), emission_of.end(), [](int32_t e) { return e >= 0; }),
          "a state names an emission below 0");
  require_log_probabilities(log_initial, "initial probabilities");
  require_log_probabilities(log_final, "final probabilities");
  const Arc* before = nullptr;
  for (const Arc& arc : arcs) {
    require(arc.source >= 0 && arc.source < states && arc.target >= 0 && arc.target < states,
            "a transition names a state that does not exist");
    require(!std::isnan(arc.log_probability) && arc.log_probability < INFINITY,
            "a transition's log probability must be a number or -inf");
    require(before == nullptr || before->target < arc.target ||
                (before->target == arc.target && before->source < arc.source),
            "transitions must be sorted by target and source, each given once");
    before = &arc;
  }
}

void Durations::validate() const {
  require(states > 0 && longest > 0, "durations need at least one state and one frame");
  require(log_pmf.size() == static_cast<std::size_t>(states) * static_cast<std::size_t>(longest),
          "durations must be [states x longest]");
  require_log_probabilities(log_pmf, "durations");
}

}  // namespace hmm::compute
