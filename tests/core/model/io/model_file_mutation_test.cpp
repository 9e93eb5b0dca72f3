// Every reader against thousands of broken files: it must return a value or throw an Error, and
// the sanitizers must find nothing. HMM_FUZZ_MUTATIONS sets how many for each kind of file.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <random>

#include "core/base/error.h"
#include "core/model/io/arpa.h"
#include "core/model/io/lm_bin.h"
#include "core/model/io/sphinx_feat_params.h"
#include "core/model/io/sphinx_mdef.h"
#include "core/model/io/sphinx_noisedict.h"
#include "core/model/io/sphinx_s3.h"
#include "core/model/io/sphinx_sendump.h"
#include "tests/core/model/io/sphinx_writers.h"

namespace hmm {
namespace {

using testing::as_bytes;

int mutations() {
  const char* count = std::getenv("HMM_FUZZ_MUTATIONS");
  return count != nullptr ? std::atoi(count) : 2000;
}

/// Reads the file and then uses everything that was read.
using Reader = std::function<void(const std::string&)>;

struct FileKind {
  const char* name;
  std::vector<std::string> seeds;
  Reader read;
  bool is_text = false;
  /// Bytes [begin, end) that are seldom changed: they are many and all alike.
  std::size_t dull_begin = 0, dull_end = 0;
};

void use(const SphinxModelDefinition& definition) {
  const PhoneSet& phones = definition.phones;
  for (std::size_t i = 0; i < phones.triphones(); ++i) {
    const Triphone triphone = phones.triphone(i);
    const int hmm = phones.hmm(triphone);
    ASSERT_LT(phones.transition_matrix(hmm), definition.transition_matrices);
    for (const int32_t senone : phones.senones(hmm)) ASSERT_LT(senone, definition.senones);
  }
}

void use(const NgramModel& model) {
  for (int word = -1; word <= std::min(model.words(), 8); ++word) {
    for (int before = -1; before <= std::min(model.words(), 8); ++before) {
      const int history[] = {before, word, before, word};
      static_cast<void>(model.log_probability(word, history));
      static_cast<void>(model.log_backoff(std::span(history).first(2)));
    }
  }
  for (int word = 0; word < model.words(); ++word) {
    ASSERT_TRUE(model.find(model.word(word)).has_value());
  }
}

std::vector<std::string> s3_seeds(const std::function<std::string(testing::S3Options)>& make) {
  return {make({}), make({.checksum = false}), make({.swap = true, .checksum = false})};
}

std::vector<FileKind> file_kinds() {
  const auto definition = parse_sphinx_mdef(as_bytes(testing::kTextMdef), "mdef");
  return {
      {"means", s3_seeds([](auto o) { return testing::gaussians_file(-1, 0.25F, o); }),
       [](const std::string& f) { parse_sphinx_means(as_bytes(f), "means"); }},
      {"variances", s3_seeds([](auto o) { return testing::gaussians_file(1, 0.25F, o); }),
       [](const std::string& f) { parse_sphinx_variances(as_bytes(f), "variances"); }},
      {"mixture_weights", s3_seeds(testing::mixture_weights_file),
       [](const std::string& f) { parse_sphinx_mixture_weights(as_bytes(f), "weights", 4); }},
      {"transition_matrices", s3_seeds(testing::transitions_file),
       [](const std::string& f) { parse_sphinx_transition_matrices(as_bytes(f), "tmat"); }},
      {"mdef, binary",
       {testing::binary_mdef_file(false), testing::binary_mdef_file(true)},
       [](const std::string& f) { use(parse_sphinx_mdef(as_bytes(f), "mdef")); }},
      {"mdef, text",
       {testing::kTextMdef},
       [](const std::string& f) { use(parse_sphinx_mdef(as_bytes(f), "mdef")); },
       true},
      {"sendump",
       {testing::sendump_file(false), testing::sendump_file(true),
        testing::sendump_file(true, true)},
       [](const std::string& f) { parse_sphinx_sendump(as_bytes(f), "sendump", 2, 2, 6, 6); }},
      {"feat.params",
       {testing::kFeatParams},
       [](const std::string& f) {
         sphinx_front_end(parse_sphinx_feat_params(as_bytes(f), "feat.params"), "feat.params");
       },
       true},
      {"noisedict",
       {testing::kNoisedict},
       [definition](const std::string& f) {
         parse_sphinx_noisedict(as_bytes(f), "noisedict", definition.phones);
       },
       true},
      {"arpa",
       {testing::kArpa},
       [](const std::string& f) { use(parse_arpa(as_bytes(f), "lm.arpa")); },
       true},
      {"lm.bin",
       {testing::lm_bin_file()},
       [](const std::string& f) { use(parse_lm_bin(as_bytes(f), "lm.bin")); },
       false,
       testing::kLmBinTables,
       testing::kLmBinTables + testing::kLmBinTablesSize},
  };
}

/// False when it was refused with an Error; any other exception goes through.
bool accepts(const FileKind& kind, const std::string& file) {
  try {
    kind.read(file);
    return true;
  } catch (const Error& error) {
    EXPECT_STRNE(error.what(), "");
    return false;
  }
}

class Mutator {
 public:
  Mutator(uint32_t seed, const FileKind& kind) : random_(seed), kind_(kind) {}

  std::string operator()(std::string file) {
    for (uint32_t edits = 1 + below(3); edits > 0 && !file.empty(); --edits) edit(file);
    return file;
  }

 private:
  uint32_t below(std::size_t end) { return static_cast<uint32_t>(random_() % end); }

  std::size_t place(const std::string& file) {
    const std::size_t dull = kind_.dull_end - kind_.dull_begin;
    if (file.size() <= kind_.dull_end || below(20) == 0) return below(file.size());
    const std::size_t at = below(file.size() - dull);
    return at < kind_.dull_begin ? at : at + dull;
  }

  void edit(std::string& file) {
    static constexpr uint32_t kTelling[] = {0,          1,          0x7F,       0x80,
                                            0xFF,       0x7FFF,     0xFFFF,     0x7FFFFFFF,
                                            0x80000000, 0xFFFFFFFF, 0x7FC00000, 0x7F800000};
    const std::size_t at = place(file);
    switch (below(7)) {
      case 0:
        file[at] ^= static_cast<char>(1 << below(8));
        break;
      case 1:
        file[at] = static_cast<char>(random_());
        break;
      case 2: {
        const uint32_t value = kTelling[below(std::size(kTelling))];
        std::memcpy(file.data() + at, &value, std::min<std::size_t>(4, file.size() - at));
        break;
      }
      case 3:
        file.resize(at);
        break;
      case 4:
        file.erase(at, 1 + below(8));
        break;
      case 5:
        file.insert(at, file.substr(place(file), 1 + below(16)));
        break;
      default: {
        static constexpr const char* kWords[] = {"-1",    "99999999999", "nan", "\n", " ",
                                                 "1e999", "\\",          "-",   "0",  "%s"};
        file.replace(at, 1 + below(4), kWords[below(std::size(kWords))]);
      }
    }
  }

  std::mt19937 random_;
  const FileKind& kind_;
};

TEST(ModelFileMutations, SeedsAreValid) {
  for (const FileKind& kind : file_kinds()) {
    for (const std::string& seed : kind.seeds) EXPECT_TRUE(accepts(kind, seed)) << kind.name;
  }
}

TEST(ModelFileMutations, EveryReaderSurvives) {
  for (const FileKind& kind : file_kinds()) {
    SCOPED_TRACE(kind.name);
    int refused = 0;
    for (int i = 0; i < mutations(); ++i) {
      Mutator mutate(static_cast<uint32_t>(i), kind);
      const std::string& seed = kind.seeds[static_cast<std::size_t>(i) % kind.seeds.size()];
      refused += accepts(kind, mutate(seed)) ? 0 : 1;
    }
    // Readers that let everything pass would survive as well.
    EXPECT_GT(refused, mutations() / 4);
  }
}

TEST(ModelFileMutations, TruncatedAtEveryLength) {
  for (const FileKind& kind : file_kinds()) {
    SCOPED_TRACE(kind.name);
    for (const std::string& seed : kind.seeds) {
      for (std::size_t size = 0; size < seed.size(); ++size) {
        if (size > kind.dull_begin && size < kind.dull_end) {
          size = std::min(size + 16411, kind.dull_end);
        }
        const bool accepted = accepts(kind, seed.substr(0, size));
        EXPECT_TRUE(kind.is_text || !accepted) << size;
      }
    }
  }
}

}  // namespace
}  // namespace hmm
