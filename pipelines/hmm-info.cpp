// hmm-info: what this installation is, and whether it computes right on this machine.
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <thread>

#include "core/compute/backend.h"
#include "core/inference/self_check.h"

int main(int argc, char** argv) {
  CLI::App app(
      "Says which version this is, what it computes with on this machine, and checks each "
      "operation\n"
      "against answers known from the literature. Exit status: 0 all checks passed, 1 one failed,\n"
      "2 wrong use.");
  bool as_json = false;
  app.add_flag("--json", as_json, "as one JSON object");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  hmm::compute::Backend& backend = hmm::compute::cpu_backend();
  const auto results = hmm::self_check(backend);
  const bool passed =
      std::all_of(results.begin(), results.end(), [](const auto& r) { return r.passed; });
  if (as_json) {
    nlohmann::json checks = nlohmann::json::array();
    for (const auto& result : results) {
      checks.push_back(
          {{"operation", result.operation}, {"passed", result.passed}, {"detail", result.detail}});
    }
    const nlohmann::json about = {{"version", HMM_VERSION},
                                  {"backends", {backend.name()}},
                                  {"processors", std::thread::hardware_concurrency()},
                                  {"checks", checks},
                                  {"passed", passed}};
    std::printf("%s\n", about.dump(2).c_str());
    return passed ? 0 : 1;
  }
  std::printf("version     %s\nbackend     %s\nprocessors  %u\n\n", HMM_VERSION,
              backend.name().c_str(), std::thread::hardware_concurrency());
  for (const auto& result : results) {
    std::printf("%-8s%-28s%s\n", result.passed ? "ok" : "WRONG", result.operation.c_str(),
                result.detail.c_str());
  }
  std::printf("\n%s\n",
              passed ? "Every operation computes right." : "This machine computes wrong.");
  return passed ? 0 : 1;
}
