#include "core/language/labels/labels.h"

#include <algorithm>

#include "core/base/error.h"

namespace hmm {

const Tier* Labels::find(const std::string& name) const {
  const auto found =
      std::find_if(tiers.begin(), tiers.end(), [&](const Tier& tier) { return tier.name == name; });
  return found == tiers.end() ? nullptr : &*found;
}

void extend_to_last_label(Labels& labels) {
  for (const Tier& tier : labels.tiers) {
    for (const Label& label : tier.labels) labels.end = std::max(labels.end, label.end);
  }
}

void require_ordered(const Labels& labels) {
  for (const Tier& tier : labels.tiers) {
    int64_t last_start = INT64_MIN;
    for (std::size_t i = 0; i < tier.labels.size(); ++i) {
      const Label& label = tier.labels[i];
      const std::string which = "label " + std::to_string(i + 1) + " (\"" + label.text +
                                "\") of tier \"" + tier.name + "\" ";
      if (label.end < label.start) throw DataError(which + "ends before it starts");
      if (label.start < last_start) throw DataError(which + "starts before the one in front of it");
      last_start = label.start;
    }
  }
}

}  // namespace hmm
