#include "pipelines/eval/report.h"

#include <cmath>
#include <cstdio>

#include "core/base/utf8.h"

namespace hmm::eval {

void Report::fail(const std::string& error, bool as_json) const {
  Report none;
  none.faults_ = faults_;
  none.fault(error);
  none.finish(as_json);
}

int Report::finish(bool as_json) const {
  if (as_json) {
    Json whole = json;
    whole["faults"] = faults_;
    std::printf("%s\n", whole.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
  } else {
    std::fputs(text.c_str(), stdout);
  }
  for (const std::string& fault : faults_) std::fprintf(stderr, "hmm-eval: %s\n", fault.c_str());
  return faults_.empty() ? 0 : 1;
}

std::string Table::text() const {
  std::vector<std::size_t> widths;
  for (const auto& row : rows_) {
    if (row.size() > widths.size()) widths.resize(row.size());
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], utf8_characters(row[i]).size());
    }
  }
  std::string text;
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string padding(widths[i] - utf8_characters(row[i]).size(), ' ');
      if (i > 0) text += "  ";
      text += i == 0 ? row[i] + (row.size() > 1 ? padding : std::string()) : padding + row[i];
    }
    text += '\n';
  }
  return text;
}

std::string fixed(double value, int decimals) {
  char text[400];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

std::string percent(double share) { return fixed(100 * share, 1); }

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(); }

}  // namespace hmm::eval
