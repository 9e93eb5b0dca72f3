#include "pipelines/eval/plot.h"

#include <array>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <sstream>
#include <string>

#include "core/base/error.h"

namespace hmm::eval {
namespace {

namespace fs = std::filesystem;

std::string quote(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("''") : std::string(1, c);
  return quoted + "'";
}

std::string terminal_for(const fs::path& file) {
  if (file.extension() == ".svg") return "svg size 640,560 background 'white'";
  if (file.extension() == ".png") return "png size 640,560";
  throw SettingsError(file.string() + ": plots are written as .svg or .png");
}

void run_gnuplot(const std::string& script, const fs::path& file) {
  const std::string whole = "set terminal " + terminal_for(file) + "\nset output " +
                            quote(file.string()) + "\n" + script + "unset output\n";
  fs::remove(file);
  std::signal(SIGPIPE, SIG_IGN);  // a shell without gnuplot does not read the script
  FILE* gnuplot = ::popen("gnuplot 2>/dev/null", "w");
  if (gnuplot == nullptr) throw NotFoundError("gnuplot cannot be started");
  std::fwrite(whole.data(), 1, whole.size(), gnuplot);
  const int status = ::pclose(gnuplot);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 127) {
    throw SettingsError("plots need gnuplot; install Debian's package gnuplot-nox");
  }
  if (status != 0 || !fs::exists(file)) throw NotFoundError(file.string() + ": cannot be written");
}

}  // namespace

void plot_reliability(const Calibration& calibration, const fs::path& file) {
  std::ostringstream script;
  script << "$bins << EOD\n";
  for (const ReliabilityBin& bin : calibration.bins) {
    script << (bin.low + bin.high) / 2 << ' ' << bin.high - bin.low << ' ' << bin.count << ' '
           << (bin.count > 0 ? std::to_string(bin.accuracy) : "NaN") << ' '
           << (bin.count > 0 ? std::to_string(bin.mean_confidence) : "NaN") << '\n';
  }
  script << "EOD\nset title sprintf('Reliability: expected calibration error %.3f, %d decisions', "
         << calibration.expected_calibration_error << ", " << calibration.count
         << ")\nset xlabel 'confidence'\nset ylabel 'accuracy'\nset y2label 'decisions'\n"
            "set xrange [0:1]\nset yrange [0:1]\nset y2range [0:*]\nset ytics nomirror\n"
            "set y2tics\nset key top left\nset style fill solid 0.25 noborder\n"
            "plot $bins using 1:3:2 axes x1y2 with boxes title 'decisions' lc rgb '#7f7f7f', "
            "x title 'honest' lc rgb 'black' dt 2, "
            "$bins using 5:4 with linespoints title 'measured' lc rgb '#1f77b4' pt 7\n";
  run_gnuplot(script.str(), file);
}

void plot_boundary_errors(const std::vector<double>& errors, const fs::path& file) {
  constexpr int kBins = 41;
  constexpr double kWidth = 5;  // ms
  std::array<int, kBins> counts{};
  for (const double error : errors) {
    const double bin = std::round(error / kWidth) + kBins / 2;
    if (bin >= 0 && bin < kBins) ++counts[static_cast<std::size_t>(bin)];
  }
  std::ostringstream script;
  script << "$bins << EOD\n";
  for (std::size_t i = 0; i < counts.size(); ++i) {
    script << (static_cast<double>(i) - kBins / 2) * kWidth << ' ' << counts[i] << '\n';
  }
  script << "EOD\nset title 'Boundary errors, " << errors.size()
         << " boundaries'\nset xlabel 'hypothesis - reference (ms)'\nset ylabel 'boundaries'\n"
            "set xrange [-103:103]\nset yrange [0:*]\nset style fill solid 0.5\nunset key\n"
            "set arrow from 0, graph 0 to 0, graph 1 nohead dt 2\n"
            "plot $bins using 1:2 with boxes lc rgb '#1f77b4'\n";
  run_gnuplot(script.str(), file);
}

}  // namespace hmm::eval
