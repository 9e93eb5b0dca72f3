#include "core/metrics/cepstral_distortion.h"

#include <cmath>
#include <string>

#include "core/base/error.h"
#include "core/inference/dtw.h"

namespace hmm {

double frame_cepstral_distortion(std::span<const float> a, std::span<const float> b) {
  double squares = 0;
  for (std::size_t d = 0; d < a.size(); ++d) {
    const double difference = static_cast<double>(a[d]) - b[d];
    squares += difference * difference;
  }
  return 10 / std::log(10.0) * std::sqrt(2 * squares);
}

CepstralDistortion cepstral_distortion(MatrixView reference, MatrixView hypothesis,
                                       const CepstralDistortionOptions& options) {
  if (reference.columns != hypothesis.columns) {
    throw DataError("the frames have " + std::to_string(reference.columns) + " and " +
                    std::to_string(hypothesis.columns) + " coefficients");
  }
  if (options.first_coefficient >= reference.columns) {
    throw SettingsError("of " + std::to_string(reference.columns) +
                        " coefficients none is left from number " +
                        std::to_string(options.first_coefficient) + " on");
  }
  if (reference.rows == 0 || hypothesis.rows == 0)
    throw DataError("there are no frames to compare");
  const auto distance = [&](std::size_t i, std::size_t j) {
    return frame_cepstral_distortion(reference.row(i).subspan(options.first_coefficient),
                                     hypothesis.row(j).subspan(options.first_coefficient));
  };
  CepstralDistortion result;
  double sum = 0;
  if (options.warp) {
    const DtwResult warped =
        warp_time(reference.rows, hypothesis.rows, distance, {DtwSteps::kSymmetric1, options.band});
    result.frames = warped.path.size();
    sum = warped.cost;
  } else {
    if (reference.rows != hypothesis.rows) {
      throw DataError("the two have " + std::to_string(reference.rows) + " and " +
                      std::to_string(hypothesis.rows) +
                      " frames; warp them, or make them equally long");
    }
    result.frames = reference.rows;
    for (std::size_t t = 0; t < reference.rows; ++t) sum += distance(t, t);
  }
  result.mean = sum / static_cast<double>(result.frames);
  return result;
}

}  // namespace hmm
