// How the phones of a language sound.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/base/matrix.h"
#include "core/compute/parameters.h"
#include "core/frontend/front_end_config.h"
#include "core/model/phone_set.h"

namespace hmm {

/// Transition probabilities within a phone, left to right, as natural logs: `matrices` times
/// [states x (states + 1)], row the source, column the target, the last column the way out.
/// An impossible transition is -infinity.
struct PhoneTransitions {
  int states = 0;
  std::vector<float> log_probabilities;

  int matrices() const {
    return states == 0 ? 0 : static_cast<int>(log_probabilities.size()) / (states * (states + 1));
  }
  MatrixView matrix(int index) const {
    const auto rows = static_cast<std::size_t>(states);
    return {log_probabilities.data() + static_cast<std::size_t>(index) * rows * (rows + 1), rows,
            rows + 1};
  }
};

/// A word that stands for silence or a noise, and the phones it is made of.
struct FillerWord {
  std::string word;
  std::vector<int> phones;
};

/// Phones with their hidden Markov models in context, whose states share mixtures (senones).
struct AcousticModel {
  PhoneSet phones;
  compute::TiedMixtures senones;
  PhoneTransitions transitions;
  std::vector<FillerWord> fillers;
  FrontEndConfig front_end;  // with the mean normalisation that the model expects
};

}  // namespace hmm
