#include "core/inference/self_check.h"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

namespace hmm {
namespace {

using namespace compute;

/// The CPU's results with an error added.
class WrongBackend : public Backend {
 public:
  explicit WrongBackend(float error) : error_(error) {}

  std::string name() const override { return "wrong"; }
  std::shared_ptr<const LoadedEmissions> load(const GaussianMixtures& m) override {
    return cpu_.load(m);
  }
  std::shared_ptr<const LoadedEmissions> load(const TiedMixtures& m) override {
    return cpu_.load(m);
  }
  std::shared_ptr<const LoadedTransitions> load(const Transitions& t) override {
    return cpu_.load(t);
  }
  std::shared_ptr<const LoadedDurations> load(const Durations& d) override { return cpu_.load(d); }
  std::shared_ptr<Rows> allocate(std::size_t rows, std::size_t columns) override {
    return cpu_.allocate(rows, columns);
  }
  void copy(ConstRows from, Rows to) override { cpu_.copy(from, to); }
  void score(const LoadedEmissions& emissions, ConstRows frames, std::span<const int32_t> active,
             Rows log_b) override {
    cpu_.score(emissions, frames, active, log_b);
    log_b.data[0] += error_;
  }
  void forward_backward(const LoadedTransitions& transitions, std::span<const int64_t> splits,
                        ConstRows log_b, const ForwardBackwardOutput& output) override {
    cpu_.forward_backward(transitions, splits, log_b, output);
    output.posteriors.data[4] += error_;
  }
  void viterbi(const LoadedTransitions& transitions, std::span<const int64_t> splits,
               ConstRows log_b, std::span<int32_t> path, std::span<double> score) override {
    cpu_.viterbi(transitions, splits, log_b, path, score);
    path[1] = 1 - path[1];
  }
  void hsmm_forward_backward(const LoadedTransitions& transitions, const LoadedDurations& durations,
                             std::span<const int64_t> splits, ConstRows log_b,
                             const HsmmOutput& output) override {
    cpu_.hsmm_forward_backward(transitions, durations, splits, log_b, output);
    output.log_likelihood[0] += error_;
  }
  void hsmm_viterbi(const LoadedTransitions& transitions, const LoadedDurations& durations,
                    std::span<const int64_t> splits, ConstRows log_b, std::span<int32_t> path,
                    std::span<double> score) override {
    cpu_.hsmm_viterbi(transitions, durations, splits, log_b, path, score);
  }
  std::unique_ptr<Stream> open(std::shared_ptr<const LoadedTransitions>,
                               std::shared_ptr<const LoadedEmissions>,
                               const StreamOptions&) override {
    throw std::runtime_error("no memory for a stream");
  }
  std::unique_ptr<Stream> open(std::shared_ptr<const LoadedTransitions>,
                               std::shared_ptr<const LoadedDurations>,
                               std::shared_ptr<const LoadedEmissions>,
                               const StreamOptions&) override {
    throw std::runtime_error("no memory for a stream");
  }
  void advance(std::span<const StreamInput>, std::span<std::vector<Commit>>) override {}

 private:
  Backend& cpu_ = cpu_backend();
  float error_;
};

TEST(SelfCheck, PassesOnThisMachine) {
  const auto results = self_check(cpu_backend());
  EXPECT_EQ(results.size(), 8u);
  for (const CheckResult& result : results) {
    EXPECT_TRUE(result.passed) << result.operation << ": " << result.detail;
  }
}

TEST(SelfCheck, FindsWhatIsWrong) {
  for (const float error : {0.01F, -0.01F, std::nanf("")}) {
    WrongBackend backend(error);
    for (const CheckResult& result : self_check(backend)) {
      // These two are not the backend's work.
      const bool own =
          result.operation == "durations" || result.operation == "scores, full covariances";
      EXPECT_EQ(result.passed, own) << result.operation;
      if (result.operation == "online Viterbi") {
        EXPECT_EQ(result.detail, "no memory for a stream");
      }
    }
  }
}

}  // namespace
}  // namespace hmm
