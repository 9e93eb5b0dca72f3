// A backend that scores diagonal mixtures in the plainest way, for tests of what is built on one.
#pragma once

#include <cmath>
#include <memory>
#include <numbers>
#include <stdexcept>

#include "core/base/log_math.h"
#include "core/compute/backend.h"

namespace hmm::testing {

class PlainBackend : public compute::Backend {
 public:
  std::string name() const override { return "plain"; }

  std::shared_ptr<const compute::LoadedEmissions> load(
      const compute::GaussianMixtures& mixtures) override {
    return std::make_shared<Loaded>(mixtures);
  }
  void score(const compute::LoadedEmissions& emissions, compute::ConstRows frames,
             std::span<const int32_t>, compute::Rows log_b) override {
    const auto& m = dynamic_cast<const Loaded&>(emissions).mixtures;
    const auto d = static_cast<std::size_t>(m.dimension);
    const auto components = static_cast<std::size_t>(m.components);
    for (std::size_t t = 0; t < frames.rows; ++t) {
      for (std::size_t n = 0; n < log_b.columns; ++n) {
        double total = kLogZero<double>;
        for (std::size_t c = n * components; c < (n + 1) * components; ++c) {
          double log_density = m.log_weights[c];
          for (std::size_t i = 0; i < d; ++i) {
            const double variance = m.variances[c * d + i];
            const double distance = frames.data[t * d + i] - m.means[c * d + i];
            log_density -=
                0.5 * (std::log(2 * std::numbers::pi * variance) + distance * distance / variance);
          }
          total = log_add(total, log_density);
        }
        log_b.data[t * log_b.columns + n] = static_cast<float>(total);
      }
    }
  }

  std::shared_ptr<const compute::LoadedEmissions> load(const compute::TiedMixtures&) override {
    throw std::logic_error("not in this test");
  }
  std::shared_ptr<const compute::LoadedTransitions> load(const compute::Transitions&) override {
    throw std::logic_error("not in this test");
  }
  std::shared_ptr<compute::Rows> allocate(std::size_t, std::size_t) override { return nullptr; }
  void copy(compute::ConstRows, compute::Rows) override {}
  void forward_backward(const compute::LoadedTransitions&, std::span<const int64_t>,
                        compute::ConstRows, const compute::ForwardBackwardOutput&) override {}
  void viterbi(const compute::LoadedTransitions&, std::span<const int64_t>, compute::ConstRows,
               std::span<int32_t>, std::span<double>) override {}
  std::unique_ptr<compute::Stream> open(std::shared_ptr<const compute::LoadedTransitions>,
                                        std::shared_ptr<const compute::LoadedEmissions>,
                                        const compute::StreamOptions&) override {
    return nullptr;
  }
  void advance(std::span<const compute::StreamInput>,
               std::span<std::vector<compute::Commit>>) override {}

 private:
  struct Loaded : compute::LoadedEmissions {
    explicit Loaded(compute::GaussianMixtures m) : mixtures(std::move(m)) {}
    int states() const override { return mixtures.states; }
    int dimension() const override { return mixtures.dimension; }
    compute::GaussianMixtures mixtures;
  };
};

}  // namespace hmm::testing
