// hmm-model: makes, shows, converts and draws models. Every step is one call of the core.
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <string>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/model/factories.h"
#include "core/model/io/any_model.h"
#include "core/model/io/duration_json.h"
#include "core/model/io/model_file.h"
#include "core/model/topology/builder.h"
#include "core/model/topology/dot.h"

namespace {

using nlohmann::json;

struct Options {
  std::string factory = "recognition";
  std::vector<std::string> labels;
  bool korean = false;
  int states = 5;
  hmm::FactoryOptions model;
  std::string input;
  std::string output;
  bool as_json = false;
  hmm::PytorchHmmOptions pytorch;
};

hmm::Model make(const Options& options) {
  const auto labels = options.korean ? hmm::korean_phones() : options.labels;
  if (options.factory == "recognition") return hmm::recognition_model(labels, options.model);
  if (options.factory == "synthesis") return hmm::synthesis_model(labels, options.model);
  return hmm::realtime_model(options.states, options.model);
}

json describe(const hmm::FoundModel& found) {
  const hmm::Hmm& model = hmm::hmm_of(found.model);
  const auto& chain = model.graph.transitions;
  json about = {{"format", found.format},
                {"kind", std::holds_alternative<hmm::Hsmm>(found.model) ? "hsmm" : "hmm"},
                {"name", model.name},
                {"states", model.states()},
                {"transitions", chain.arcs.size()},
                {"left-to-right", hmm::topology::is_left_to_right(chain)},
                {"emission", hmm::kind_of(model.emission)},
                {"emissions", hmm::states_of(model.emission)},
                {"dimension", hmm::dimension_of(model.emission)},
                {"labels", model.graph.labels},
                {"front-end", model.front_end}};
  if (const auto* semi_markov = std::get_if<hmm::Hsmm>(&found.model)) {
    about["durations"] = json::parse(hmm::durations_to_json(semi_markov->durations));
    for (std::size_t n = 0; n < semi_markov->durations.size(); ++n) {
      about["durations"][n]["expected"] = hmm::expected_duration(semi_markov->durations[n]);
    }
  }
  return about;
}

void print(const json& about) {
  for (const auto& [key, value] : about.items()) {
    if (key == "labels") {
      std::string line;
      for (const json& label : value) line += " " + label.get<std::string>();
      std::printf("%-14s%zu:%s\n", "labels", value.size(), line.c_str());
    } else if (key == "durations") {
      for (std::size_t n = 0; n < value.size(); ++n) {
        std::printf("%-14sstate %zu: %s, %d to %d frames, %.2f expected\n", "duration", n,
                    value[n]["family"].get<std::string>().c_str(), value[n]["shortest"].get<int>(),
                    value[n]["longest"].get<int>(), value[n]["expected"].get<double>());
      }
    } else {
      const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
      if (!text.empty()) std::printf("%-14s%s\n", key.c_str(), text.c_str());
    }
  }
}

void add_create(CLI::App& app, Options& options) {
  CLI::App* create = app.add_subcommand(
      "create", "Makes a model to be trained: means drawn at random, variances 1.");
  create
      ->add_option("FACTORY", options.factory,
                   "recognition: labels in any order, three states each\n"
                   "synthesis: semi-Markov, a state and a gamma duration for each phone\n"
                   "realtime: a circle of states with the least work a frame")
      ->required()
      ->check(CLI::IsMember({"recognition", "synthesis", "realtime"}));
  create->add_option("OUTPUT", options.output, "the file to write")->required();
  create->add_option("--labels", options.labels, "labels or phones, separated by commas")
      ->delimiter(',');
  create->add_flag("--korean", options.korean, "the Korean phone set as labels");
  create->add_option("--states", options.states, "states of a realtime model [5]");
  create->add_option("--dimension", options.model.dimension, "values a frame [80]");
  create->add_option("--components", options.model.components,
                     "Gaussians a state of a recognition model [4]");
  create->add_option("--seed", options.model.seed, "for other random means [0]");
  create->callback([&] { hmm::save_model(make(options), options.output); });
}

void add_inspect(CLI::App& app, Options& options) {
  CLI::App* inspect = app.add_subcommand("inspect", "Shows what a model holds.");
  inspect->add_option("MODEL", options.input, "a model in any format")->required();
  inspect->add_flag("--json", options.as_json, "as one JSON object");
  inspect->callback([&] {
    const json about = describe(hmm::load_any_model(options.input, options.pytorch));
    if (options.as_json) {
      std::printf("%s\n", about.dump(2).c_str());
    } else {
      print(about);
    }
  });
}

void add_convert(CLI::App& app, Options& options) {
  CLI::App* convert = app.add_subcommand(
      "convert",
      "Writes a model in the native format (docs/model-format.md). HTK and Sphinx models become a "
      "loop of their phones.");
  convert->add_option("MODEL", options.input, "a model in any format")->required();
  convert->add_option("OUTPUT", options.output, "the file to write")->required();
  convert->add_option("--floor", options.pytorch.floor,
                      "pytorch_hmm: probabilities up to this become impossible [1e-7]");
  convert->add_option("--longest", options.pytorch.longest,
                      "pytorch_hmm: longest duration, where the file does not say [50]");
  convert->callback([&] {
    hmm::save_model(hmm::load_any_model(options.input, options.pytorch).model, options.output);
  });
}

void add_draw(CLI::App& app, Options& options) {
  CLI::App* draw = app.add_subcommand(
      "draw", "Writes the topology as Graphviz text: hmm-model draw MODEL | dot -Tsvg > MODEL.svg");
  draw->add_option("MODEL", options.input, "a model in any format")->required();
  draw->add_option("-o,--output", options.output, "a file instead of standard output");
  draw->callback([&] {
    const auto found = hmm::load_any_model(options.input, options.pytorch);
    const std::string dot = hmm::topology::to_dot(hmm::hmm_of(found.model).graph);
    if (options.output.empty()) {
      std::fputs(dot.c_str(), stdout);
    } else {
      hmm::write_file(options.output, dot);
    }
  });
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "Makes, shows, converts and draws hidden Markov and semi-Markov models.\n\n"
      "  hmm-model create synthesis --korean korean.safetensors\n"
      "  hmm-model inspect korean.safetensors\n"
      "  hmm-model convert hmmdefs htk.safetensors\n"
      "  hmm-model draw korean.safetensors | dot -Tsvg > korean.svg\n\n"
      "Formats that are read: the native one, state dicts of pytorch_hmm saved as safetensors, "
      "HTK\ntext files, folders of CMU Sphinx models. Exit status: 0 done, 1 the model is faulty "
      "or "
      "cannot\nbe read or written, 2 wrong use.");
  app.require_subcommand(1);
  Options options;
  add_create(app, options);
  add_inspect(app, options);
  add_convert(app, options);
  add_draw(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const hmm::SettingsError& error) {
    std::fprintf(stderr, "hmm-model: %s\n", error.what());
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "hmm-model: %s\n", error.what());
    return 1;
  }
  return 0;
}
