#include "core/model/decision_tree.h"

#include <algorithm>

#include "core/base/error.h"

namespace hmm {

namespace {

bool any_matches(const std::vector<LabelPattern>& patterns, std::string_view label) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [label](const LabelPattern& pattern) { return pattern.matches(label); });
}

}  // namespace

bool Question::matches(std::string_view label) const { return any_matches(patterns, label); }

DensityLookup::DensityLookup(const TiedDensities& model, std::string_view label)
    : model_(model), label_(label), answers_(model.questions.size(), -1) {}

bool DensityLookup::answer(uint32_t question) {
  signed char& known = answers_[question];
  if (known < 0) known = model_.questions[question].matches(label_) ? 1 : 0;
  matched_ = matched_ || known == 1;
  return known == 1;
}

std::span<const float> DensityLookup::density(unsigned state) {
  for (std::size_t i = 0; i < model_.trees.size(); ++i) {
    const DecisionTree& tree = model_.trees[i];
    if (tree.state != state || !any_matches(tree.contexts, label_)) continue;
    int32_t place = tree.root;
    while (place >= 0) {
      const DecisionTree::Node& node = tree.nodes[static_cast<std::size_t>(place)];
      place = answer(node.question) ? node.yes : node.no;
    }
    return model_.densities[i].row(static_cast<std::size_t>(~place));
  }
  throw DataError("the voice has no decision tree for state " + std::to_string(state) +
                  " of the label \"" + std::string(label_) + "\"");
}

}  // namespace hmm
