// Binary decision trees that tie the states of full-context models to shared densities.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/matrix.h"
#include "core/model/label_pattern.h"

namespace hmm {

/// A yes/no question about a label: yes when any of its patterns matches.
struct Question {
  std::string name;
  std::vector<LabelPattern> patterns;

  bool matches(std::string_view label) const;
};

/// One tree. A child or root >= 0 is an index into `nodes`, one below 0 is the leaf ~child, an
/// index into the tree's densities.
struct DecisionTree {
  struct Node {
    uint32_t question;
    int32_t no;
    int32_t yes;
  };

  unsigned state = 0;                  // 2 .. number of states + 1, as HTS counts them.
  std::vector<LabelPattern> contexts;  // The tree serves labels that match one of these.
  std::vector<Node> nodes;
  int32_t root = -1;
};

/// The trees of one stream (or of the durations) with the densities at their leaves.
struct TiedDensities {
  std::vector<Question> questions;
  std::vector<DecisionTree> trees;
  std::vector<Matrix> densities;  // One a tree: [leaf x values].
};

/// Finds the densities of one label, answering each question at most once for all its states.
class DensityLookup {
 public:
  /// Both must outlive the lookup.
  DensityLookup(const TiedDensities& model, std::string_view label);

  /// The values at the leaf that the label reaches in the tree of `state` (2 ...). Throws DataError
  /// when the voice has no tree for this state and label.
  std::span<const float> density(unsigned state);

  /// Whether any question asked so far was answered with yes.
  bool matched() const { return matched_; }

 private:
  bool answer(uint32_t question);

  const TiedDensities& model_;
  std::string_view label_;
  std::vector<signed char> answers_;  // -1: not asked yet.
  bool matched_ = false;
};

}  // namespace hmm
