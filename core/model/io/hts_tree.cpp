#include "core/model/io/hts_tree.h"

#include <limits>
#include <optional>
#include <unordered_map>

#include "core/base/error.h"
#include "core/model/io/text_lines.h"

namespace hmm {

namespace {

constexpr uint32_t kUnknown = std::numeric_limits<uint32_t>::max();

class TreeParser {
 public:
  TreeParser(std::string_view text, const std::string& file, const std::string& section)
      : text_(text), file_(file), section_(section) {}

  TiedDensities parse() {
    while (const auto token = next()) {
      if (*token == "QS") {
        read_question();
      } else if (token->starts_with('{') && token->size() > 1) {
        model_.trees.push_back(read_tree(*token));
      } else {
        fail("expected QS or {pattern}[state], found " + quoted(*token));
      }
    }
    if (model_.trees.empty()) fail("holds no tree");
    return std::move(model_);
  }

 private:
  /// The next word, or the text between quotes; none at the end.
  std::optional<std::string_view> next() {
    while (!text_.empty() && (text_[0] == ' ' || text_[0] == '\n' || text_[0] == '\t' ||
                              text_[0] == '\r' || text_[0] == ',')) {
      if (text_[0] == '\n') ++line_;
      text_.remove_prefix(1);
    }
    if (text_.empty()) return std::nullopt;
    if (text_[0] == '"') {
      const std::size_t end = text_.find('"', 1);
      if (end == std::string_view::npos) fail("a quoted text does not end");
      const std::string_view token = text_.substr(1, end - 1);
      text_.remove_prefix(end + 1);
      return token;
    }
    const std::string_view token = text_.substr(0, text_.find_first_of(" \t\r\n"));
    text_.remove_prefix(token.size());
    return token;
  }

  std::string_view expect(std::string_view what) {
    const auto token = next();
    if (!token) fail("ends where " + std::string(what) + " should be");
    return *token;
  }

  void read_question() {
    Question question{std::string(expect("the name of a question")), {}};
    if (expect("{") != "{") fail("the question " + question.name + " lacks its {");
    for (std::string_view token; (token = expect("}")) != "}";) {
      question.patterns.emplace_back(token);
    }
    const auto index = static_cast<uint32_t>(model_.questions.size());
    if (!question_index_.emplace(question.name, index).second) {
      fail("the question " + question.name + " is defined twice");
    }
    model_.questions.push_back(std::move(question));
  }

  /// `{pattern,pattern}[state]`, also written `{(pattern,pattern)}[state]`.
  DecisionTree read_heading(std::string_view heading) {
    const std::size_t end = heading.rfind("}[");
    const std::size_t bracket = heading.find(']', end == std::string_view::npos ? 0 : end);
    if (end == std::string_view::npos || bracket == std::string_view::npos) {
      fail("expected {pattern}[state], found " + quoted(heading));
    }
    DecisionTree tree;
    const auto state = parse_integer(heading.substr(end + 2, bracket - end - 2), 2, 1000);
    if (!state) fail("a tree's state must be a number from 2 up");
    tree.state = static_cast<unsigned>(*state);
    std::string_view patterns = heading.substr(1, end - 1);
    if (patterns.starts_with('(') && patterns.ends_with(')')) {
      patterns = patterns.substr(1, patterns.size() - 2);
    }
    while (!patterns.empty()) {
      const std::size_t comma = std::min(patterns.find(','), patterns.size());
      tree.contexts.emplace_back(patterns.substr(0, comma));
      patterns.remove_prefix(std::min(comma + 1, patterns.size()));
    }
    if (tree.contexts.empty()) fail("a tree has no pattern in its heading");
    return tree;
  }

  DecisionTree read_tree(std::string_view heading) {
    DecisionTree tree = read_heading(heading);
    const std::string_view first = expect("a tree");
    if (first != "{") {
      tree.root = ~leaf(first);
      return tree;
    }
    // Children are named before they are defined, each once; the root is node 0.
    std::unordered_map<int64_t, uint32_t> undefined = {{0, kUnknown}};
    for (std::string_view token; (token = expect("}")) != "}";) {
      read_node(token, tree, undefined);
    }
    if (!undefined.empty()) {
      fail("the tree of state " + std::to_string(tree.state) + " lacks node " +
           std::to_string(undefined.begin()->first));
    }
    tree.root = 0;
    return tree;
  }

  /// `index question NO YES`. `undefined` maps each child still to come to its place: twice the
  /// index of its parent, plus one for the yes branch.
  void read_node(std::string_view token, DecisionTree& tree,
                 std::unordered_map<int64_t, uint32_t>& undefined) {
    const auto index = node_number(token);
    const auto place = index ? undefined.find(*index) : undefined.end();
    if (place == undefined.end()) {
      fail("node " + quoted(token) + " is defined twice or no other node leads to it");
    }
    const auto here = static_cast<int32_t>(tree.nodes.size());
    if (place->second != kUnknown) {
      DecisionTree::Node& parent = tree.nodes[place->second / 2];
      (place->second % 2 == 0 ? parent.no : parent.yes) = here;
    }
    undefined.erase(place);

    const std::string_view name = expect("the question of a node");
    const auto question = question_index_.find(std::string(name));
    if (question == question_index_.end()) fail("asks " + quoted(name) + ", which is not defined");
    tree.nodes.push_back({question->second, 0, 0});
    for (const uint32_t branch : {0u, 1u}) {
      const std::string_view child = expect("the child of a node");
      int32_t& link = branch == 0 ? tree.nodes.back().no : tree.nodes.back().yes;
      const auto node = node_number(child);
      if (!node) {
        link = ~leaf(child);
      } else if (!undefined.emplace(*node, 2 * static_cast<uint32_t>(here) + branch).second) {
        fail("two branches lead to node " + quoted(child));
      }
    }
  }

  /// The digits that a leaf's name ends in: its density, counted from 1.
  int32_t leaf(std::string_view name) {
    const std::size_t last = name.find_last_not_of("0123456789");
    const auto value = parse_integer(name.substr(last == std::string_view::npos ? 0 : last + 1), 1);
    if (!value) fail("the leaf " + quoted(name) + " does not end in a number from 1");
    return static_cast<int32_t>(*value - 1);
  }

  /// Nodes are whole numbers, 0 for the root and below 0 for the others; leaves have names.
  static std::optional<int64_t> node_number(std::string_view token) {
    return parse_integer(token, std::numeric_limits<int32_t>::min());
  }

  [[noreturn]] void fail(const std::string& reason) const {
    throw ParseError(file_, section_ + " line " + std::to_string(line_), reason);
  }

  std::string_view text_;
  const std::string& file_;
  const std::string& section_;
  uint64_t line_ = 1;
  TiedDensities model_;
  std::unordered_map<std::string, uint32_t> question_index_;
};

}  // namespace

TiedDensities read_hts_trees(std::string_view text, const std::string& file,
                             const std::string& section) {
  return TreeParser(text, file, section).parse();
}

void check_leaves(const TiedDensities& model, const std::string& file, const std::string& section) {
  for (std::size_t i = 0; i < model.trees.size(); ++i) {
    const DecisionTree& tree = model.trees[i];
    const auto check = [&](int32_t place) {
      if (place >= 0) return;
      const auto leaf = static_cast<std::size_t>(~place);
      if (leaf < model.densities[i].rows()) return;
      throw ParseError(file, section,
                       "tree " + std::to_string(i + 1) + " refers to density " +
                           std::to_string(leaf + 1) + " of " +
                           std::to_string(model.densities[i].rows()));
    };
    check(tree.root);
    for (const DecisionTree::Node& node : tree.nodes) {
      check(node.no);
      check(node.yes);
    }
  }
}

}  // namespace hmm
