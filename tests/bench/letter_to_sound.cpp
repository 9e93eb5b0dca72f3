// Phone error of letter-to-sound on 1,000 words hidden from the dictionary.
//
//   letter_to_sound [DICTIONARY]            prints the figures
//   letter_to_sound [DICTIONARY] --list N   prints N other words, one a line with their letters and
//                                           phones and whether they are right, to fit confidences
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/language/dictionary.h"
#include "tests/core/language/hidden_words.h"
#include "tests/test_data.h"

namespace hmm {
namespace {

constexpr std::size_t kHidden = 1000;

std::vector<testing::Guess> guesses(const Lexicon& lexicon, std::size_t first, std::size_t count) {
  const LetterToSound rules(LanguageData::open("en"));
  const auto words = testing::words_by_hash(lexicon);
  std::vector<testing::Guess> all;
  for (std::size_t i = first; i < std::min(first + count, words.size()); ++i) {
    all.push_back(testing::guess_word(rules, lexicon, words[i]));
  }
  return all;
}

void print_list(const std::vector<testing::Guess>& all) {
  for (const auto& guess : all) {
    std::printf("%d %s", guess.errors == 0 ? 1 : 0, guess.word.c_str());
    for (const std::string& phone : guess.guessed.phones) std::printf(" %s", phone.c_str());
    std::printf("\n");
  }
}

void print_figures(const std::vector<testing::Guess>& all) {
  const testing::GuessSummary summary = testing::summarize(all);
  const Calibration& calibration = summary.calibration;
  std::printf("words                       %zu\nphone error                 %.2f %%\n", all.size(),
              100 * summary.phone_error);
  std::printf("word error                  %.2f %%\n", 100 * summary.word_error);
  std::printf("mean confidence             %.3f\n", calibration.mean_confidence);
  std::printf("expected calibration error  %.3f\n", calibration.expected_calibration_error);
  std::printf("normalised cross entropy    %.3f\n",
              calibration.normalized_cross_entropy.value_or(0));
}

int run(std::vector<std::string> words) {
  std::size_t list = 0;
  if (words.size() >= 2 && words[words.size() - 2] == "--list") {
    list = std::strtoul(words.back().c_str(), nullptr, 10);
    words.resize(words.size() - 2);
  }
  const std::filesystem::path dictionary =
      words.empty() ? testing::kEnUs / "cmudict-en-us.dict" : std::filesystem::path(words[0]);
  try {
    const Lexicon lexicon = load_dictionary({dictionary}, {.strip_stress = true}).lexicon;
    if (list > 0) {
      print_list(guesses(lexicon, kHidden, list));
    } else {
      print_figures(guesses(lexicon, 0, kHidden));
    }
  } catch (const Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}

}  // namespace
}  // namespace hmm

int main(int count, char** arguments) { return hmm::run({arguments + 1, arguments + count}); }
