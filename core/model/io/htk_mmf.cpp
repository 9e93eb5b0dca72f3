#include "core/model/io/htk_mmf.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>

#include "core/base/error.h"
#include "core/model/io/text_lines.h"
#include "core/model/topology/builder.h"

namespace hmm {
namespace {

constexpr int64_t kMostValues = 65536;
constexpr int64_t kMostStates = 1000;

/// Cuts the text into keywords <...> (in upper case, without the brackets), macros ~x, quoted names
/// and words.
class Tokens {
 public:
  enum class Kind { kKeyword, kMacro, kName, kWord, kEnd };

  Tokens(std::span<const std::byte> bytes, const std::string& file)
      : text_(reinterpret_cast<const char*>(bytes.data()), bytes.size()), file_(file) {
    next();
  }

  Kind kind() const { return kind_; }
  const std::string& text() const { return token_; }

  bool is(Kind kind, std::string_view text) const { return kind_ == kind && token_ == text; }
  bool is_keyword(std::string_view text) const { return is(Kind::kKeyword, text); }

  void next() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) {
      line_ += text_[at_++] == '\n';
    }
    token_.clear();
    kind_ = Kind::kEnd;
    if (at_ == text_.size()) return;
    const char first = text_[at_];
    if (first == '<' || first == '"') {
      const std::size_t end = text_.find(first == '<' ? '>' : '"', at_ + 1);
      if (end == std::string_view::npos) fail("a name or keyword does not end");
      token_ = std::string(text_.substr(at_ + 1, end - at_ - 1));
      kind_ = first == '<' ? Kind::kKeyword : Kind::kName;
      if (first == '<') {
        for (char& c : token_) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      }
      at_ = end + 1;
      return;
    }
    const std::size_t begin = at_;
    while (at_ < text_.size() && text_[at_] != '<' && text_[at_] != '"' &&
           std::isspace(static_cast<unsigned char>(text_[at_])) == 0) {
      ++at_;
    }
    token_ = std::string(text_.substr(begin, at_ - begin));
    kind_ = first == '~' ? Kind::kMacro : Kind::kWord;
  }

  std::string take_name() {
    if (kind_ != Kind::kName) fail("a name in quotes is expected, not " + quoted(token_));
    std::string name = token_;
    next();
    return name;
  }
  double take_number() {
    const auto value = kind_ == Kind::kWord ? parse_number(token_) : std::nullopt;
    if (!value) fail("a number is expected, not " + quoted(token_));
    next();
    return *value;
  }
  int64_t take_count(int64_t most) {
    const auto value = kind_ == Kind::kWord ? parse_integer(token_, 1, most) : std::nullopt;
    if (!value) {
      fail("a whole number from 1 to " + std::to_string(most) + " is expected, not " +
           quoted(token_));
    }
    next();
    return *value;
  }
  void take_keyword(std::string_view keyword) {
    if (!is_keyword(keyword)) {
      fail("the keyword " + quoted(keyword) + " is expected, not " + quoted(token_));
    }
    next();
  }

  [[noreturn]] void fail(const std::string& reason) const {
    throw ParseError::at_line(file_, line_, reason);
  }

 private:
  std::string_view text_;
  const std::string& file_;
  std::size_t at_ = 0;
  uint64_t line_ = 1;
  Kind kind_ = Kind::kEnd;
  std::string token_;
};

struct Component {
  double weight = 1;
  std::vector<float> mean;
  std::vector<float> variance;
};
using State = std::vector<Component>;

class Parser {
 public:
  Parser(std::span<const std::byte> bytes, const std::string& file) : tokens_(bytes, file) {}

  HtkModels parse() {
    while (tokens_.kind() != Tokens::Kind::kEnd) {
      if (tokens_.kind() != Tokens::Kind::kMacro) {
        tokens_.fail("a macro (~o, ~s, ~t, ~v, ~h) is expected, not " + quoted(tokens_.text()));
      }
      const std::string macro = tokens_.text();
      tokens_.next();
      if (macro == "~o") {
        parse_options();
      } else if (macro == "~s") {
        const std::string name = tokens_.take_name();
        define(state_macros_, name, add_state(parse_state_body()));
      } else if (macro == "~t") {
        const std::string name = tokens_.take_name();
        define(transition_macros_, name, parse_transitions());
      } else if (macro == "~v") {
        tokens_.take_name();
        parse_vector("VARIANCE");
      } else if (macro == "~h") {
        parse_model();
      } else {
        tokens_.fail("the macro " + quoted(macro) + " is not supported");
      }
    }
    if (result_.phones.empty()) tokens_.fail("the file defines no model (~h)");
    pack_mixtures();
    return std::move(result_);
  }

 private:
  template <class T>
  void define(std::map<std::string, T>& macros, const std::string& name, T value) {
    if (!macros.emplace(name, std::move(value)).second) {
      tokens_.fail("the macro " + quoted(name) + " is defined twice");
    }
  }
  template <class T>
  const T& refer(const std::map<std::string, T>& macros) {
    const std::string name = tokens_.take_name();
    const auto found = macros.find(name);
    if (found == macros.end()) tokens_.fail("the macro " + quoted(name) + " is not defined");
    return found->second;
  }

  void parse_options() {
    while (tokens_.kind() == Tokens::Kind::kKeyword && tokens_.text() != "NUMSTATES") {
      const std::string option = tokens_.text();
      tokens_.next();
      if (option == "STREAMINFO") {
        if (tokens_.take_count(kMostValues) != 1)
          tokens_.fail("more than one stream is not supported");
        tokens_.take_count(kMostValues);
      } else if (option == "VECSIZE") {
        set_dimension(static_cast<std::size_t>(tokens_.take_count(kMostValues)));
      } else if (option == "DIAGC" || option == "NULLD") {
        continue;
      } else if (option == "FULLC" || option == "LLTC" || option == "INVDIAGC" ||
                 option == "POISSOND" || option == "GAMMAD" || option == "GEND") {
        tokens_.fail("models with " + quoted(option) + " are not supported");
      } else {
        result_.parameter_kind = option;
      }
    }
  }

  void set_dimension(std::size_t dimension) {
    if (dimension_ != 0 && dimension_ != dimension) {
      tokens_.fail("vectors have " + std::to_string(dimension_) + " values, not " +
                   std::to_string(dimension));
    }
    dimension_ = dimension;
  }

  std::vector<float> parse_vector(std::string_view keyword) {
    tokens_.take_keyword(keyword);
    const auto count = static_cast<std::size_t>(tokens_.take_count(kMostValues));
    set_dimension(count);
    std::vector<float> values;
    for (std::size_t i = 0; i < count; ++i) {
      values.push_back(static_cast<float>(tokens_.take_number()));
      if (!std::isfinite(values.back())) tokens_.fail("a number is too large");
      if (keyword == "VARIANCE" && !(values.back() > 0)) tokens_.fail("a variance is not above 0");
    }
    return values;
  }

  Component parse_density() {
    Component component;
    component.mean = parse_vector("MEAN");
    component.variance = parse_vector("VARIANCE");
    if (tokens_.is_keyword("GCONST")) {  // follows from the variances
      tokens_.next();
      tokens_.take_number();
    }
    return component;
  }

  State parse_state_body() {
    int64_t components = 1;
    if (tokens_.is_keyword("NUMMIXES")) {
      tokens_.next();
      components = tokens_.take_count(kMostValues);
    }
    State state;
    if (!tokens_.is_keyword("MIXTURE")) {
      state.push_back(parse_density());
      return state;
    }
    double sum = 0;
    while (tokens_.is_keyword("MIXTURE")) {
      tokens_.next();
      if (tokens_.take_count(components) <= static_cast<int64_t>(state.size())) {
        tokens_.fail("mixture components must be numbered upwards");
      }
      const double weight = tokens_.take_number();
      if (!(weight >= 0 && weight <= 1.001)) tokens_.fail("a mixture weight is no probability");
      sum += weight;
      state.push_back(parse_density());
      state.back().weight = weight;
    }
    if (std::abs(sum - 1) > 0.01) tokens_.fail("mixture weights do not sum to 1");
    for (Component& component : state) component.weight /= sum;
    return state;
  }

  int32_t add_state(State state) {
    states_.push_back(std::move(state));
    return static_cast<int32_t>(states_.size() - 1);
  }

  BasicMatrix<double> parse_transitions() {
    tokens_.take_keyword("TRANSP");
    const auto size = static_cast<std::size_t>(tokens_.take_count(kMostStates));
    BasicMatrix<double> matrix;
    for (std::size_t i = 0; i < size; ++i) {
      std::vector<double> row;
      double sum = 0;
      for (std::size_t j = 0; j < size; ++j) {
        const double p = tokens_.take_number();
        if (!(p >= 0 && p <= 1.001)) tokens_.fail("a transition is no probability");
        if (p > 0 && j == 0) tokens_.fail("the entry state cannot be entered");
        sum += p;
        row.push_back(p);
      }
      if (std::abs(sum - (i + 1 < size ? 1 : 0)) > 0.01) {
        tokens_.fail("row " + std::to_string(i + 1) + " of the transitions sums to " +
                     std::to_string(sum));
      }
      for (double& p : row) p = sum > 0 ? p / sum : 0;
      matrix.append_row(row);
    }
    return matrix;
  }

  void parse_model() {
    HtkPhone phone;
    phone.name = tokens_.take_name();
    if (result_.find(phone.name)) {
      tokens_.fail("the model " + quoted(phone.name) + " is defined twice");
    }
    tokens_.take_keyword("BEGINHMM");
    parse_options();
    tokens_.take_keyword("NUMSTATES");
    const auto states = static_cast<std::size_t>(tokens_.take_count(kMostStates));
    if (states < 3) tokens_.fail("a model needs at least one state between entry and exit");
    for (std::size_t number = 2; number < states; ++number) {
      tokens_.take_keyword("STATE");
      if (tokens_.take_count(kMostStates) != static_cast<int64_t>(number)) {
        tokens_.fail("states must be given in order; state " + std::to_string(number) +
                     " is missing");
      }
      if (tokens_.is(Tokens::Kind::kMacro, "~s")) {
        tokens_.next();
        phone.mixtures.push_back(refer(state_macros_));
      } else {
        phone.mixtures.push_back(add_state(parse_state_body()));
      }
    }
    if (tokens_.is(Tokens::Kind::kMacro, "~t")) {
      tokens_.next();
      phone.transitions = refer(transition_macros_);
    } else {
      phone.transitions = parse_transitions();
    }
    if (phone.transitions.rows() != states) {
      tokens_.fail("the transitions of " + quoted(phone.name) + " are for " +
                   std::to_string(phone.transitions.rows()) + " states, not " +
                   std::to_string(states));
    }
    tokens_.take_keyword("ENDHMM");
    result_.phones.push_back(std::move(phone));
  }

  void pack_mixtures() {
    compute::GaussianMixtures& m = result_.mixtures;
    std::size_t components = 1;
    for (const State& state : states_) components = std::max(components, state.size());
    // Rows are padded to the longest mixture: refuse what a small file could blow up.
    if (states_.size() * components * dimension_ > 100'000'000) {
      tokens_.fail("the mixtures are too unequal in size");
    }
    m.states = static_cast<int>(states_.size());
    m.components = static_cast<int>(components);
    m.dimension = static_cast<int>(dimension_);
    for (const State& state : states_) {
      for (std::size_t k = 0; k < components; ++k) {
        const Component& c = state[k < state.size() ? k : 0];
        m.means.insert(m.means.end(), c.mean.begin(), c.mean.end());
        m.variances.insert(m.variances.end(), c.variance.begin(), c.variance.end());
        m.log_weights.push_back(k < state.size() ? static_cast<float>(std::log(c.weight))
                                                 : -INFINITY);
      }
    }
  }

  Tokens tokens_;
  std::size_t dimension_ = 0;
  std::vector<State> states_;
  std::map<std::string, int32_t> state_macros_;
  std::map<std::string, BasicMatrix<double>> transition_macros_;
  HtkModels result_;
};

}  // namespace

std::optional<std::size_t> HtkModels::find(std::string_view name) const {
  for (std::size_t i = 0; i < phones.size(); ++i) {
    if (phones[i].name == name) return i;
  }
  return std::nullopt;
}

HtkModels parse_htk_models(std::span<const std::byte> bytes, const std::string& file) {
  return Parser(bytes, file).parse();
}

Hmm htk_phone_loop(const HtkModels& models) {
  Hmm result;
  DecodingGraph& graph = result.graph;
  std::vector<int32_t> emission_of;
  std::vector<int> first;
  for (const HtkPhone& phone : models.phones) {
    first.push_back(static_cast<int>(emission_of.size()));
    graph.filler.push_back(phone.name == "sil" || phone.name == "sp");
    for (const int32_t mixture : phone.mixtures) {
      graph.starts_unit.push_back(static_cast<int>(emission_of.size()) == first.back());
      graph.label_of.push_back(static_cast<int32_t>(graph.labels.size()));
      emission_of.push_back(mixture);
    }
    graph.labels.push_back(phone.name);
  }
  topology::Builder builder(static_cast<int>(emission_of.size()));
  const double each = 1.0 / static_cast<double>(models.phones.size());
  // Probability of entering each state when a phone begins, given that it takes a frame at all.
  std::vector<std::pair<int, double>> entries;
  for (std::size_t p = 0; p < models.phones.size(); ++p) {
    const auto& matrix = models.phones[p].transitions;
    const std::size_t exit = matrix.columns() - 1;
    for (std::size_t j = 1; j < exit; ++j) {
      const double enter = each * matrix(0, j) / (1 - matrix(0, exit));
      if (enter > 0) entries.emplace_back(first[p] + static_cast<int>(j) - 1, enter);
    }
  }
  for (const auto& [state, probability] : entries) builder.initial(state, probability);
  for (std::size_t p = 0; p < models.phones.size(); ++p) {
    const auto& matrix = models.phones[p].transitions;
    const std::size_t exit = matrix.columns() - 1;
    for (std::size_t i = 1; i < exit; ++i) {
      const int source = first[p] + static_cast<int>(i) - 1;
      for (std::size_t j = 1; j < exit; ++j) {
        builder.arc(source, first[p] + static_cast<int>(j) - 1, matrix(i, j));
      }
      if (!(matrix(i, exit) > 0)) continue;
      builder.final(source);
      for (const auto& [target, enter] : entries) {
        builder.arc(source, target, matrix(i, exit) * enter);
      }
    }
  }
  graph.transitions = builder.build();
  graph.transitions.emission_of = std::move(emission_of);
  result.emission = models.mixtures;
  result.validate();
  return result;
}

}  // namespace hmm
