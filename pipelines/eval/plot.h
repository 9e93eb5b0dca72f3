// Pictures of measurements, drawn by gnuplot.
#pragma once

#include <filesystem>
#include <vector>

#include "core/metrics/calibration.h"

namespace hmm::eval {

/// Accuracy over confidence with the diagonal of honest confidences, and how many decisions each
/// bin has. The file's extension, .svg or .png, decides the format. Throws SettingsError for
/// another extension or when Debian's gnuplot-nox is not installed, and NotFoundError when the file
/// cannot be written.
void plot_reliability(const Calibration& calibration, const std::filesystem::path& file);

/// A histogram of boundary errors in ms, from -100 to 100.
void plot_boundary_errors(const std::vector<double>& errors, const std::filesystem::path& file);

}  // namespace hmm::eval
