#include "core/model/io/pytorch_hmm.h"

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/model/topology/builder.h"

namespace hmm {
namespace {

/// A tensor as a matrix of doubles, with the shape that it must have.
BasicMatrix<double> read_matrix(const Safetensors& file, const char* name, std::size_t rows,
                                std::size_t columns) {
  const std::vector<float> values = file.floats(name);
  const TensorShape& shape = file.tensor(name).shape;
  const bool fits = rows == 1 ? shape == TensorShape{columns} : shape == TensorShape{rows, columns};
  if (!fits) {
    file.fail(name, "its shape " + to_string(shape) + " does not fit " + std::to_string(rows) +
                        " x " + std::to_string(columns));
  }
  BasicMatrix<double> matrix(rows, columns);
  std::copy(values.begin(), values.end(), matrix.data());
  for (const float value : values) {
    if (!std::isfinite(value)) file.fail(name, "it has a value that is not finite");
  }
  return matrix;
}

void softmax(std::span<double> row) {
  const double high = *std::max_element(row.begin(), row.end());
  double sum = 0;
  for (double& value : row) sum += value = std::exp(value - high);
  for (double& value : row) value /= sum;
}

/// Makes what the library's epsilon left over impossible.
void remove_floor(std::span<double> row, double floor) {
  double sum = 0;
  for (double& value : row) {
    if (value <= floor) value = 0;
    sum += value;
  }
  for (double& value : row) value /= sum;
}

enum class SelfLoops { kKeep, kRemove };

class Importer {
 public:
  Importer(const Safetensors& file, const PytorchHmmOptions& options)
      : file_(file), options_(options) {
    if (!(options.floor >= 0 && options.floor < 0.5)) {
      throw SettingsError("the floor of probabilities must be at least 0 and below 0.5, not " +
                          std::to_string(options.floor));
    }
  }

  Model import() const {
    if (file_.contains("mixture_weights_logits")) return mixture_layer();
    if (file_.contains("hmm_layer.log_initial_logits")) return gaussian_layer();
    if (file_.contains("log_initial_logits")) return external_layer();
    if (file_.contains("observation_log_vars")) return hsmm_layer();
    if (file_.contains("observation_logvars")) return semi_markov();
    throw ParseError(file_.file(), "state dict",
                     "it holds none of HMMLayer, GaussianHMMLayer, MixtureGaussianHMMLayer, "
                     "HSMMLayer and SemiMarkovHMM with Gaussian observations");
  }

 private:
  /// Rows of a matrix of means say how many states there are and how many values a frame.
  const TensorShape& shape(const char* name, std::size_t axes) const {
    const TensorShape& shape = file_.tensor(name).shape;
    const bool fits = shape.size() == axes && std::all_of(shape.begin(), shape.end(), [](auto n) {
                        return n > 0 && n <= 1'000'000;
                      });
    if (!fits) file_.fail(name, "its shape " + to_string(shape) + " is not that of a model");
    return shape;
  }

  DecodingGraph graph(std::size_t states, const std::string& prefix, const char* logits,
                      const char* initial, SelfLoops loops) const {
    const bool learned = file_.contains(prefix + logits);
    const std::string name = prefix + (learned ? logits : "transition_matrix");
    BasicMatrix<double> rows = read_matrix(file_, name.c_str(), states, states);
    topology::Builder builder(static_cast<int>(states));
    for (std::size_t i = 0; i < states; ++i) {
      const auto row = rows.row(i);
      if (loops == SelfLoops::kRemove) row[i] = learned ? -INFINITY : 0;
      if (learned && !(loops == SelfLoops::kRemove && states == 1)) softmax(row);
      for (const double p : row) {
        if (!(p >= 0)) file_.fail(name, "row " + std::to_string(i) + " has no probabilities");
      }
      remove_floor(row, options_.floor);
      for (std::size_t j = 0; j < states; ++j) {
        if (std::isnan(row[j])) {
          file_.fail(name, "from state " + std::to_string(i) + " there is no way on");
        }
        builder.arc(static_cast<int>(i), static_cast<int>(j), row[j]);
      }
      builder.final(static_cast<int>(i));
    }
    BasicMatrix<double> start(1, states, 0);
    if (initial != nullptr) start = read_matrix(file_, (prefix + initial).c_str(), 1, states);
    softmax(start.row(0));
    remove_floor(start.row(0), options_.floor);
    for (std::size_t i = 0; i < states; ++i) {
      if (std::isnan(start(0, i))) file_.fail("initial", "there is no state to start in");
      builder.initial(static_cast<int>(i), start(0, i));
    }
    return state_graph(builder.build(), options_.labels);
  }

  /// One Gaussian a state with log standard deviations or log variances times `factor`.
  compute::GaussianMixtures gaussians(std::size_t states, std::size_t dimension,
                                      std::vector<float> means,
                                      const std::vector<double>& log_variances) const {
    compute::GaussianMixtures mixtures{static_cast<int>(states), 1,  static_cast<int>(dimension),
                                       std::move(means),         {}, {}};
    for (const double v : log_variances) {
      mixtures.variances.push_back(static_cast<float>(std::exp(v)));
    }
    mixtures.log_weights.assign(states, 0);
    return mixtures;
  }

  Model external_layer() const {
    const std::size_t states = shape("log_initial_logits", 1)[0];
    Hmm model;
    model.graph =
        graph(states, "", "log_transition_logits", "log_initial_logits", SelfLoops::kKeep);
    model.emission =
        ExternalScores{static_cast<int>(states), ExternalScores::Kind::kPosterior, {}, 1};
    return model;
  }

  Model gaussian_layer() const {
    const TensorShape size = shape("means", 2);
    const std::size_t states = size[0];
    const std::size_t d = size[1];
    const std::vector<float> scales = file_.floats("log_scales");
    const TensorShape& kind = file_.tensor("log_scales").shape;
    const bool full = kind == TensorShape{states, d, d};
    const bool spherical = kind == TensorShape{states, 1};
    if (!full && !spherical && kind != TensorShape{states, d}) {
      file_.fail("log_scales", "its shape " + to_string(kind) + " fits no covariance type");
    }
    std::vector<double> log_variances;
    for (std::size_t n = 0; n < states; ++n) {
      for (std::size_t i = 0; i < d; ++i) {
        const std::size_t at = full ? (n * d + i) * d + i : spherical ? n : n * d + i;
        log_variances.push_back(2 * double{scales[at]});
      }
    }
    Hmm model;
    model.graph = graph(states, "hmm_layer.", "log_transition_logits", "log_initial_logits",
                        SelfLoops::kKeep);
    model.emission = gaussians(states, d, file_.floats("means"), log_variances);
    return model;
  }

  Emission mixtures() const {
    const TensorShape size = shape("means", 3);
    const std::size_t densities = size[0] * size[1];
    const std::size_t d = size[2];
    BasicMatrix<double> weights = read_matrix(file_, "mixture_weights_logits", size[0], size[1]);
    std::vector<float> log_weights;
    for (std::size_t n = 0; n < size[0]; ++n) {
      softmax(weights.row(n));
      for (const double w : weights.row(n)) log_weights.push_back(static_cast<float>(std::log(w)));
    }
    const int states = static_cast<int>(size[0]);
    const int components = static_cast<int>(size[1]);
    const int dimension = static_cast<int>(d);
    if (file_.contains("cholesky_params")) {
      return FullMixtures{
          states,     components, dimension, false, file_.floats("means"), covariances(size),
          log_weights};
    }
    const std::vector<float> log_vars = file_.floats("log_vars");
    const TensorShape& kind = file_.tensor("log_vars").shape;
    const bool diagonal = kind == size;
    const bool tied = kind == TensorShape{d};
    if (!diagonal && !tied && kind != TensorShape{size[0], size[1]}) {
      file_.fail("log_vars", "its shape " + to_string(kind) + " fits no covariance type");
    }
    compute::GaussianMixtures result{states, components, dimension, file_.floats("means"),
                                     {},     log_weights};
    for (std::size_t i = 0; i < densities * d; ++i) {
      const float log_variance = log_vars[diagonal ? i : tied ? i % d : i / d];
      result.variances.push_back(static_cast<float>(std::exp(double{log_variance})));
    }
    return result;
  }

  /// L L^T from packed lower triangles, whose diagonals are stored as logarithms.
  std::vector<float> covariances(const TensorShape& size) const {
    const std::size_t d = size[2];
    const std::size_t packed = d * (d + 1) / 2;
    const std::vector<float> values = file_.floats("cholesky_params");
    if (file_.tensor("cholesky_params").shape != TensorShape{size[0], size[1], packed}) {
      file_.fail("cholesky_params", "its shape does not fit that of the means");
    }
    std::vector<float> result;
    for (std::size_t m = 0; m < size[0] * size[1]; ++m) {
      const auto factor = [&](std::size_t i, std::size_t j) {
        const double value = values[m * packed + i * (i + 1) / 2 + j];
        return i == j ? std::exp(value) : value;
      };
      for (std::size_t i = 0; i < d; ++i) {
        for (std::size_t j = 0; j < d; ++j) {
          double sum = 0;
          for (std::size_t k = 0; k <= std::min(i, j); ++k) sum += factor(i, k) * factor(j, k);
          result.push_back(static_cast<float>(sum));
        }
      }
    }
    return result;
  }

  Model mixture_layer() const {
    Hmm model;
    model.emission = mixtures();
    model.graph = graph(static_cast<std::size_t>(states_of(model.emission)), "",
                        "transition_logits", nullptr, SelfLoops::kKeep);
    return model;
  }

  /// The library keeps duration parameters positive by softplus.
  std::vector<double> positive(const char* name, std::size_t states, double offset = 0) const {
    const BasicMatrix<double> raw = read_matrix(file_, name, 1, states);
    std::vector<double> values;
    for (const double x : raw.row(0)) {
      values.push_back((x > 20 ? x : std::log1p(std::exp(x))) + offset);
    }
    return values;
  }

  Hsmm semi_markov_model(const char* means, const char* log_variances, const char* initial) const {
    const TensorShape size = shape(means, 2);
    const BasicMatrix<double> variances = read_matrix(file_, log_variances, size[0], size[1]);
    Hsmm model;
    model.hmm.graph = graph(size[0], "", "transition_logits", initial, SelfLoops::kRemove);
    model.hmm.emission = gaussians(size[0], size[1], file_.floats(means),
                                   {variances.data(), variances.data() + size[0] * size[1]});
    return model;
  }

  template <class MakeDensity>
  void set_durations(Hsmm& model, int shortest, int longest, MakeDensity make) const {
    for (std::size_t n = 0; n < static_cast<std::size_t>(model.hmm.states()); ++n) {
      model.durations.push_back({make(n), shortest, longest});
    }
  }

  Model hsmm_layer() const {
    Hsmm model = semi_markov_model("observation_means", "observation_log_vars", nullptr);
    const auto states = static_cast<std::size_t>(model.hmm.states());
    const std::vector<float> range = file_.floats("duration_range");
    if (range.empty() || !(range.front() >= 1) || !(range.back() <= 100'000)) {
      file_.fail("duration_range", "it must hold durations from 1 to 100000");
    }
    const int shortest = static_cast<int>(range.front());
    const int longest = static_cast<int>(range.back());
    if (file_.contains("duration_shape")) {
      const auto shapes = positive("duration_shape", states);
      const auto rates = positive("duration_rate", states);
      set_durations(model, shortest, longest, [&](std::size_t n) {
        return GammaDuration{shapes[n], 1 / rates[n]};
      });
    } else if (file_.contains("duration_lambda")) {
      const auto rates = positive("duration_lambda", states);
      set_durations(model, shortest, longest,
                    [&](std::size_t n) { return PoissonDuration{rates[n]}; });
    } else {
      const auto scales = positive("duration_scale", states);
      const auto shapes = positive("duration_concentration", states);
      set_durations(model, shortest, longest, [&](std::size_t n) {
        return WeibullDuration{shapes[n], scales[n]};
      });
    }
    return model;
  }

  Model semi_markov() const {
    Hsmm model = semi_markov_model("observation_means", "observation_logvars", "initial_logits");
    const auto states = static_cast<std::size_t>(model.hmm.states());
    constexpr double kOffset = 1e-6;  // the library's
    const auto set = [&](auto make) {
      set_durations(model, options_.shortest, options_.longest, make);
    };
    if (file_.contains("duration_model.alpha_params")) {
      const auto shapes = positive("duration_model.alpha_params", states, kOffset);
      const auto rates = positive("duration_model.beta_params", states, kOffset);
      set([&](std::size_t n) { return GammaDuration{shapes[n], 1 / rates[n]}; });
    } else if (file_.contains("duration_model.lambda_params")) {
      const auto rates = positive("duration_model.lambda_params", states, kOffset);
      set([&](std::size_t n) { return PoissonDuration{rates[n]}; });
    } else if (file_.contains("duration_model.mean_params")) {
      const auto means = positive("duration_model.mean_params", states, options_.shortest);
      const auto deviations = positive("duration_model.std_params", states, kOffset);
      set([&](std::size_t n) { return GaussianDuration{means[n], deviations[n]}; });
    } else {
      throw ParseError(file_.file(), "state dict", "durations from a network cannot be imported");
    }
    return model;
  }

  const Safetensors& file_;
  const PytorchHmmOptions& options_;
};

}  // namespace

Model import_pytorch_hmm(const Safetensors& file, const PytorchHmmOptions& options) {
  const Importer importer(file, options);
  try {
    Model model = importer.import();
    validate(model);
    return model;
  } catch (const SettingsError& error) {
    throw ParseError(file.file(), "state dict", error.what());
  }
}

}  // namespace hmm
