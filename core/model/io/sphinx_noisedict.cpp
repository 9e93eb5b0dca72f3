#include "core/model/io/sphinx_noisedict.h"

#include <algorithm>

#include "core/model/io/text_lines.h"

namespace hmm {

std::vector<FillerWord> parse_sphinx_noisedict(std::span<const std::byte> bytes,
                                               const std::string& file, const PhoneSet& phones) {
  TextLines lines(bytes, file);
  std::vector<FillerWord> fillers;
  while (lines.next()) {
    if (lines.line().starts_with("##") || lines.line().starts_with(";;")) continue;
    const auto words = split_words(lines.line());
    if (words.empty()) continue;
    if (words.size() < 2) lines.fail("the word " + quoted(words[0]) + " has no phones");
    if (std::ranges::any_of(fillers, [&](const FillerWord& f) { return f.word == words[0]; })) {
      lines.fail("the word " + quoted(words[0]) + " is listed twice");
    }
    FillerWord& filler = fillers.emplace_back(FillerWord{std::string(words[0]), {}});
    for (std::size_t i = 1; i < words.size(); ++i) {
      const std::optional<int> phone = phones.find(words[i]);
      if (!phone) lines.fail("the acoustic model has no phone " + quoted(words[i]));
      filler.phones.push_back(*phone);
    }
  }
  return fillers;
}

}  // namespace hmm
