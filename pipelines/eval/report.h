// What a command of hmm-eval found, for people and for programs.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace hmm::eval {

using Json = nlohmann::ordered_json;

/// Collects the same figures as text and as JSON, and what could not be compared.
class Report {
 public:
  std::string text;
  Json json = Json::object();

  void fault(const std::string& what) { faults_.push_back(what); }

  /// Writes the text, or the JSON with the faults in it, to standard output, and the faults to
  /// standard error. Returns the exit status: 0, or 1 with faults.
  int finish(bool as_json) const;
  /// The same when an error left no figures.
  void fail(const std::string& error, bool as_json) const;

 private:
  std::vector<std::string> faults_;
};

/// A table with its first column to the left and the others to the right.
class Table {
 public:
  void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  std::string text() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

std::string fixed(double value, int decimals);
/// A share as a percentage with one decimal, without the sign.
std::string percent(double share);
/// A number for JSON; null for what is none (an infinite error rate).
Json number(double value);

}  // namespace hmm::eval
