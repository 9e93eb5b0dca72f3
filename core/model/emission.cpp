#include "core/model/emission.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/base/error.h"
#include "core/base/log_math.h"

namespace hmm {
namespace {

void require(bool condition, const std::string& complaint) {
  if (!condition) throw SettingsError(complaint);
}

bool is_spherical(const compute::GaussianMixtures& mixtures) {
  const auto d = static_cast<std::size_t>(mixtures.dimension);
  if (d < 2) return false;
  for (std::size_t i = 0; i < mixtures.variances.size(); ++i) {
    if (mixtures.variances[i] != mixtures.variances[i - i % d]) return false;
  }
  return true;
}

/// Throws DataError for the first frame with a value that `good` refuses.
template <class Good>
void check_frames(MatrixView frames, const char* requirement, Good good) {
  for (std::size_t t = 0; t < frames.rows; ++t) {
    for (std::size_t i = 0; i < frames.columns; ++i) {
      if (good(frames(t, i))) continue;
      throw DataError("value " + std::to_string(i) + " of frame " + std::to_string(t) + " is " +
                      std::to_string(frames(t, i)) + "; " + requirement);
    }
  }
}

void score_symbols(const Categorical& categorical, MatrixView frames, Matrix& log_b) {
  const auto symbols = static_cast<std::size_t>(categorical.symbols);
  check_frames(frames, "symbols are whole numbers below the number of symbols", [&](float value) {
    return value >= 0 && value < static_cast<float>(symbols) && value == std::floor(value);
  });
  for (std::size_t t = 0; t < frames.rows; ++t) {
    const auto symbol = static_cast<std::size_t>(frames(t, 0));
    for (std::size_t n = 0; n < log_b.columns(); ++n) {
      log_b(t, n) = categorical.log_probabilities[n * symbols + symbol];
    }
  }
}

void score_external(const ExternalScores& external, MatrixView frames, Matrix& log_b) {
  const bool posterior = external.kind == ExternalScores::Kind::kPosterior;
  if (posterior) {
    check_frames(frames, "posteriors lie between 0 and 1",
                 [](float p) { return p >= 0 && p <= 1.001F; });
  } else {
    check_frames(frames, "log scores are finite or -inf", [](float s) { return s < INFINITY; });
  }
  for (std::size_t t = 0; t < frames.rows; ++t) {
    for (std::size_t n = 0; n < log_b.columns(); ++n) {
      float score = posterior ? std::log(frames(t, n)) : frames(t, n);
      if (!external.priors.empty()) score -= std::log(external.priors[n]);
      log_b(t, n) = external.scale * score;
    }
  }
}

}  // namespace

void Categorical::validate() const {
  require(states > 0 && symbols > 0, "a categorical emission needs a state and a symbol");
  require(log_probabilities.size() ==
              static_cast<std::size_t>(states) * static_cast<std::size_t>(symbols),
          "symbol probabilities must be [states x symbols]");
  for (int n = 0; n < states; ++n) {
    double sum = 0;
    for (int m = 0; m < symbols; ++m) {
      sum += std::exp(double{log_probabilities[static_cast<std::size_t>(n * symbols + m)]});
    }
    require(std::abs(sum - 1) <= 1e-4, "the symbol probabilities of state " + std::to_string(n) +
                                           " sum to " + std::to_string(sum) + ", not 1");
  }
}

void ExternalScores::validate() const {
  require(states > 0, "external scores need at least one state");
  require(std::isfinite(scale) && scale > 0, "the scale of external scores must be above 0");
  if (priors.empty()) return;
  require(kind != Kind::kLogLikelihood, "priors divide posteriors; log-likelihoods take none");
  require(priors.size() == static_cast<std::size_t>(states), "priors must be [states]");
  double sum = 0;
  for (std::size_t n = 0; n < priors.size(); ++n) {
    require(priors[n] > 0 && std::isfinite(priors[n]),
            "the prior of state " + std::to_string(n) + " must be above 0");
    sum += priors[n];
  }
  require(std::abs(sum - 1) <= 1e-3, "the priors sum to " + std::to_string(sum) + ", not 1");
}

std::string kind_of(const Emission& emission) {
  if (const auto* diagonal = std::get_if<compute::GaussianMixtures>(&emission)) {
    return is_spherical(*diagonal) ? "spherical" : "diagonal";
  }
  if (std::holds_alternative<compute::TiedMixtures>(emission)) return "shared-codebook";
  if (const auto* full = std::get_if<FullMixtures>(&emission)) return full->tied ? "tied" : "full";
  return std::holds_alternative<Categorical>(emission) ? "categorical" : "external";
}

int states_of(const Emission& emission) {
  if (const auto* shared = std::get_if<compute::TiedMixtures>(&emission)) return shared->states();
  if (const auto* diagonal = std::get_if<compute::GaussianMixtures>(&emission)) {
    return diagonal->states;
  }
  if (const auto* full = std::get_if<FullMixtures>(&emission)) return full->states;
  if (const auto* categorical = std::get_if<Categorical>(&emission)) return categorical->states;
  return std::get<ExternalScores>(emission).states;
}

int dimension_of(const Emission& emission) {
  if (const auto* shared = std::get_if<compute::TiedMixtures>(&emission)) {
    return shared->dimension();
  }
  if (const auto* diagonal = std::get_if<compute::GaussianMixtures>(&emission)) {
    return diagonal->dimension;
  }
  if (const auto* full = std::get_if<FullMixtures>(&emission)) return full->dimension;
  if (std::holds_alternative<Categorical>(emission)) return 1;
  return std::get<ExternalScores>(emission).states;
}

void validate(const Emission& emission) {
  std::visit([](const auto& kind) { kind.validate(); }, emission);
}

compute::GaussianMixtures spherical_mixtures(int states, int components, int dimension,
                                             std::vector<float> means,
                                             std::span<const float> variances,
                                             std::vector<float> log_weights) {
  compute::GaussianMixtures mixtures{states,           components, dimension,
                                     std::move(means), {},         std::move(log_weights)};
  for (const float variance : variances) {
    mixtures.variances.insert(mixtures.variances.end(), static_cast<std::size_t>(dimension),
                              variance);
  }
  mixtures.validate();
  return mixtures;
}

/// What this floor scores itself.
struct EmissionScorer::Kind {
  std::variant<FullMixtureScorer, Categorical, ExternalScores> scorer;
};

EmissionScorer::EmissionScorer(const Emission& emission, compute::Backend& backend)
    : backend_(backend), states_(states_of(emission)), dimension_(dimension_of(emission)) {
  validate(emission);
  if (const auto* diagonal = std::get_if<compute::GaussianMixtures>(&emission)) {
    loaded_ = backend.load(*diagonal);
  } else if (const auto* shared = std::get_if<compute::TiedMixtures>(&emission)) {
    loaded_ = backend.load(*shared);
  } else if (const auto* full = std::get_if<FullMixtures>(&emission)) {
    kind_ = std::make_unique<Kind>(Kind{FullMixtureScorer(*full)});
  } else if (const auto* categorical = std::get_if<Categorical>(&emission)) {
    kind_ = std::make_unique<Kind>(Kind{*categorical});
  } else {
    kind_ = std::make_unique<Kind>(Kind{std::get<ExternalScores>(emission)});
  }
}

EmissionScorer::~EmissionScorer() = default;

Matrix EmissionScorer::score(MatrixView frames) const {
  if (frames.columns != static_cast<std::size_t>(dimension_)) {
    throw DataError("the frames have " + std::to_string(frames.columns) +
                    " values; the model takes " + std::to_string(dimension_));
  }
  Matrix log_b(frames.rows, static_cast<std::size_t>(states_));
  if (frames.rows == 0) return log_b;
  if (loaded_ != nullptr) {
    Matrix packed;
    if (frames.stride != frames.columns) {
      for (std::size_t t = 0; t < frames.rows; ++t) packed.append_row(frames.row(t));
      frames = packed.view();
    }
    backend_.score(*loaded_, {frames.data, frames.rows, frames.columns}, {},
                   {log_b.data(), log_b.rows(), log_b.columns()});
  } else if (const auto* full = std::get_if<FullMixtureScorer>(&kind_->scorer)) {
    check_frames(frames, "features are finite numbers", [](float v) { return std::isfinite(v); });
    full->score(frames, log_b);
  } else if (const auto* categorical = std::get_if<Categorical>(&kind_->scorer)) {
    score_symbols(*categorical, frames, log_b);
  } else {
    score_external(std::get<ExternalScores>(kind_->scorer), frames, log_b);
  }
  return log_b;
}

EmissionSampler::EmissionSampler(const Emission& emission) : emission_(emission) {
  validate(emission);
  if (const auto* full = std::get_if<FullMixtures>(&emission)) factors_ = cholesky_factors(*full);
  if (std::holds_alternative<ExternalScores>(emission)) {
    throw SettingsError("external scores describe no frames: there is nothing to sample");
  }
}

void EmissionSampler::draw(int state, Random& random, std::span<float> frame) const {
  const auto n = static_cast<std::size_t>(state);
  const auto d = frame.size();
  if (const auto* diagonal = std::get_if<compute::GaussianMixtures>(&emission_)) {
    const auto components = static_cast<std::size_t>(diagonal->components);
    const auto weights = std::span(diagonal->log_weights).subspan(n * components, components);
    const std::size_t c = n * components + random.draw(weights);
    for (std::size_t i = 0; i < d; ++i) {
      const double deviation = std::sqrt(double{diagonal->variances[c * d + i]});
      frame[i] = static_cast<float>(diagonal->means[c * d + i] + deviation * random.normal());
    }
  } else if (const auto* full = std::get_if<FullMixtures>(&emission_)) {
    const auto components = static_cast<std::size_t>(full->components);
    const auto weights = std::span(full->log_weights).subspan(n * components, components);
    const std::size_t c = n * components + random.draw(weights);
    const double* factor = factors_.data() + (full->tied ? 0 : c * d * d);
    std::vector<double> white(d);
    for (double& z : white) z = random.normal();
    for (std::size_t i = 0; i < d; ++i) {
      double value = full->means[c * d + i];
      for (std::size_t j = 0; j <= i; ++j) value += factor[i * d + j] * white[j];
      frame[i] = static_cast<float>(value);
    }
  } else if (const auto* shared = std::get_if<compute::TiedMixtures>(&emission_)) {
    const auto densities = static_cast<std::size_t>(shared->densities);
    const std::size_t streams = shared->stream_dimensions.size();
    const auto codebook = static_cast<std::size_t>(shared->codebook_of[n]);
    std::size_t block = codebook * densities * d;  // of the stream's densities in means
    std::size_t out = 0;
    for (std::size_t f = 0; f < streams; ++f) {
      const auto width = static_cast<std::size_t>(shared->stream_dimensions[f]);
      std::vector<float> log_weights;
      for (std::size_t k = 0; k < densities; ++k) {
        log_weights.push_back(std::log(shared->weights[(n * streams + f) * densities + k]));
      }
      const std::size_t row = block + random.draw(std::span<const float>(log_weights)) * width;
      for (std::size_t i = 0; i < width; ++i) {
        const double deviation = std::sqrt(double{shared->variances[row + i]});
        frame[out++] = static_cast<float>(shared->means[row + i] + deviation * random.normal());
      }
      block += densities * width;
    }
  } else {
    const auto& categorical = std::get<Categorical>(emission_);
    const auto symbols = static_cast<std::size_t>(categorical.symbols);
    frame[0] = static_cast<float>(
        random.draw(std::span(categorical.log_probabilities).subspan(n * symbols, symbols)));
  }
}

}  // namespace hmm
