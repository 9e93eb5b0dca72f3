#include "core/metrics/transcripts.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include "core/base/error.h"
#include "core/language/labels/label_lines.h"

namespace hmm {
namespace {

using Kind = CtmEntry::Kind;

WordNetwork parse_words(std::string_view text, const WordOptions& options,
                        const LabelLines& lines) {
  try {
    return parse_transcript(text, options);
  } catch (const DataError& error) {
    lines.fail(error.what());
  }
}

std::string speaker_of(const std::string& id, SpeakerRule rule) {
  if (rule == SpeakerRule::kFirstThree) return id.substr(0, 3);
  if (rule == SpeakerRule::kUpToDash) {
    const std::size_t dash = id.find('-');
    return id.substr(0, dash != std::string::npos ? dash : id.find('_'));
  }
  return id;
}

StmSegment parse_segment(const LabelLines& lines, const WordOptions& options) {
  const std::string_view line = lines.line();
  const auto fields = split_words(line);
  if (fields.size() < 5) lines.fail("expected \"file channel speaker start end text\"");
  StmSegment segment;
  segment.file = fold_case(fields[0], options);
  segment.channel = fold_case(fields[1], options);
  segment.speaker = fold_case(fields[2], options);
  segment.start = lines.seconds(fields[3], "the start");
  segment.end = lines.seconds(fields[4], "the end");
  segment.line = lines.number();
  if (segment.end < segment.start) lines.fail("the segment ends before it starts");
  const bool has_labels = fields.size() > 5 && fields[5].starts_with('<');
  const std::size_t first_word = has_labels ? 6 : 5;
  if (fields.size() <= first_word) {
    segment.words = WordNetwork(options);
    return segment;
  }
  const std::string_view text =
      line.substr(static_cast<std::size_t>(fields[first_word].data() - line.data()));
  segment.ignored = text.find("IGNORE_TIME_SEGMENT_IN_SCORING") != std::string_view::npos ||
                    text.find("IGNORETIMESEGMENTINSCORING") != std::string_view::npos;
  segment.words = parse_words(segment.ignored ? std::string_view() : text, options, lines);
  return segment;
}

/// What a CTM file says of one channel, cut into words and whole sets of alternatives.
class ChannelWords {
 public:
  void add(const CtmEntry& entry) {
    if (entry.kind == Kind::kAlternativesBegin) in_alternatives_ = true;
    if (entry.kind == Kind::kWord && !in_alternatives_) {
      units_.push_back({{&entry}, middle(entry)});
      return;
    }
    if (entry.kind == Kind::kAlternativesBegin) units_.push_back({});
    Unit& unit = units_.back();
    unit.entries.push_back(&entry);
    if (entry.kind == Kind::kWord) unit.middle = std::max(unit.middle, middle(entry));
    if (entry.kind == Kind::kAlternativesEnd) in_alternatives_ = false;
  }

  /// Moves the units whose middle is before `end` (all of them: no end) into a network.
  WordNetwork take(std::optional<int64_t> end, const WordOptions& options) {
    WordNetwork network(options);
    for (; next_ < units_.size() && (!end || units_[next_].middle < *end); ++next_) {
      for (const CtmEntry* entry : units_[next_].entries) append(*entry, network);
    }
    return network;
  }

 private:
  struct Unit {
    std::vector<const CtmEntry*> entries;
    int64_t middle = 0;
  };

  static int64_t middle(const CtmEntry& entry) {
    return entry.word.start + (entry.word.end - entry.word.start) / 2;
  }
  static void append(const CtmEntry& entry, WordNetwork& network) {
    switch (entry.kind) {
      case Kind::kWord:
        return network.add_word(entry.word.text, entry.word.confidence);
      case Kind::kAlternativesBegin:
        return network.begin_alternatives();
      case Kind::kNextAlternative:
        return network.next_alternative();
      case Kind::kAlternativesEnd:
        return network.end_alternatives();
    }
  }

  std::vector<Unit> units_;
  std::size_t next_ = 0;
  bool in_alternatives_ = false;
};

using Channel = std::pair<std::string, std::string>;

/// The channels of a CTM file, with their names in order of appearance.
struct Channels {
  std::vector<Channel> names;
  std::map<Channel, ChannelWords> words;

  Channels(const std::vector<CtmEntry>& entries, const WordOptions& options) {
    for (const CtmEntry& entry : entries) {
      const Channel name{fold_case(entry.file, options), fold_case(entry.channel, options)};
      const auto [place, is_new] = words.try_emplace(name);
      if (is_new) names.push_back(name);
      place->second.add(entry);
    }
  }
};

void require_known(const Channels& hypothesis, const std::vector<Channel>& known) {
  for (const Channel& name : hypothesis.names) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      throw DataError("the hypothesis has words of file \"" + name.first + "\" channel \"" +
                      name.second + "\", which the reference does not have");
    }
  }
}

std::string numbered(const std::string& speaker, int number) {
  const std::string digits = std::to_string(number);
  return speaker + "-" + std::string(digits.size() < 3 ? 3 - digits.size() : 0, '0') + digits;
}

}  // namespace

std::vector<Utterance> read_trn(std::string_view bytes, const std::string& file,
                                const WordOptions& options, SpeakerRule rule) {
  const std::string text = decode_text(bytes, file);
  LabelLines lines(text, file);
  std::vector<Utterance> utterances;
  while (lines.next()) {
    const std::string_view line = trim(lines.line());
    if (line.empty() || line.starts_with(';')) continue;
    const std::size_t open = line.rfind('(');
    if (!line.ends_with(')') || open == std::string_view::npos) {
      lines.fail("the line does not end in an utterance identifier in parentheses");
    }
    const std::string id = fold_case(trim(line.substr(open + 1, line.size() - open - 2)), options);
    if (id.empty()) lines.fail("the utterance identifier is empty");
    utterances.push_back(
        {id, speaker_of(id, rule), parse_words(line.substr(0, open), options, lines)});
  }
  return utterances;
}

std::vector<Utterance> read_plain_text(std::string_view bytes, const std::string& file,
                                       const WordOptions& options) {
  const std::string text = decode_text(bytes, file);
  const std::string speaker = std::filesystem::path(file).stem().string();
  LabelLines lines(text, file);
  std::vector<Utterance> utterances;
  while (lines.next()) {
    utterances.push_back({"line " + std::to_string(lines.number()), speaker,
                          parse_words(lines.line(), options, lines)});
  }
  return utterances;
}

std::vector<StmSegment> read_stm(std::string_view bytes, const std::string& file,
                                 const WordOptions& options) {
  const std::string text = decode_text(bytes, file);
  LabelLines lines(text, file);
  std::vector<StmSegment> segments;
  while (lines.next()) {
    const std::string_view line = trim(lines.line());
    if (!line.empty() && !line.starts_with(";;")) segments.push_back(parse_segment(lines, options));
  }
  return segments;
}

Utterance utterance_of(const Tier& tier, const std::string& id, const WordOptions& options) {
  WordNetwork network(options);
  for (const Label& label : tier.labels) {
    std::string text = label.text;
    std::replace(text.begin(), text.end(), '\n', ' ');
    for (const std::string_view word : split_words(text)) {
      network.add_word(word, label.confidence);
    }
  }
  return {id, id, std::move(network)};
}

std::vector<UtterancePair> pair_utterances(std::vector<Utterance> reference,
                                           std::vector<Utterance> hypothesis) {
  std::map<std::string, std::size_t> place;
  std::vector<UtterancePair> pairs;
  for (Utterance& utterance : reference) {
    if (!place.emplace(utterance.id, pairs.size()).second) {
      throw DataError("the reference has utterance \"" + utterance.id + "\" twice");
    }
    pairs.push_back({utterance.id, utterance.speaker, std::move(utterance.words), WordNetwork()});
  }
  std::vector<bool> seen(pairs.size());
  for (Utterance& utterance : hypothesis) {
    const auto found = place.find(utterance.id);
    if (found == place.end()) {
      throw DataError("the hypothesis has utterance \"" + utterance.id +
                      "\", which the reference does not have");
    }
    if (seen[found->second]) {
      throw DataError("the hypothesis has utterance \"" + utterance.id + "\" twice");
    }
    seen[found->second] = true;
    pairs[found->second].hypothesis = std::move(utterance.words);
  }
  return pairs;
}

std::vector<UtterancePair> pair_segments(const std::vector<StmSegment>& reference,
                                         const std::vector<CtmEntry>& hypothesis,
                                         const WordOptions& options) {
  Channels channels(hypothesis, options);
  std::vector<Channel> known;
  std::map<Channel, std::size_t> last_segment;
  for (std::size_t i = 0; i < reference.size(); ++i) {
    const Channel name{reference[i].file, reference[i].channel};
    if (last_segment.insert_or_assign(name, i).second) known.push_back(name);
  }
  require_known(channels, known);
  std::map<std::string, int> utterances_of;
  std::vector<UtterancePair> pairs;
  for (std::size_t i = 0; i < reference.size(); ++i) {
    const StmSegment& segment = reference[i];
    const Channel name{segment.file, segment.channel};
    std::optional<int64_t> end = segment.end;
    if (last_segment[name] == i) end.reset();
    WordNetwork words = channels.words[name].take(end, options);
    if (segment.ignored) continue;
    pairs.push_back({numbered(segment.speaker, utterances_of[segment.speaker]++), segment.speaker,
                     segment.words, std::move(words)});
  }
  return pairs;
}

std::vector<UtterancePair> pair_channels(const std::vector<CtmEntry>& reference,
                                         const std::vector<CtmEntry>& hypothesis,
                                         const WordOptions& options) {
  Channels references(reference, options);
  Channels hypotheses(hypothesis, options);
  require_known(hypotheses, references.names);
  std::vector<UtterancePair> pairs;
  for (const Channel& name : references.names) {
    const std::string id = name.first + "-" + name.second;
    pairs.push_back({id, id, references.words[name].take({}, options),
                     hypotheses.words[name].take({}, options)});
  }
  return pairs;
}

}  // namespace hmm
