// The phones of an acoustic model and which hidden Markov model each has in which context.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hmm {

/// Where in its word a phone stands; `kSingle` is the only phone of a word.
enum class WordPosition : uint8_t { kInternal, kBegin, kEnd, kSingle };

/// A phone in the context of its neighbours. Phones are indices into the phone set.
struct Triphone {
  int base = 0;
  int left = 0;
  int right = 0;
  WordPosition position = WordPosition::kInternal;
};

/// Context-independent phones, triphones, and the hidden Markov models that they share. An HMM is
/// a number; phones and triphones with the same number sound the same and score the same.
class PhoneSet {
 public:
  class Builder;

  int size() const { return static_cast<int>(phones_.size()); }
  const std::string& name(int phone) const { return phones_[phone].name; }
  /// Noises and silence: they stand between words and never give context.
  bool is_filler(int phone) const { return phones_[phone].filler; }
  /// The phone of that name, case-sensitive.
  std::optional<int> find(std::string_view name) const;
  int silence() const { return silence_; }

  /// The HMM of a phone whatever its neighbours.
  int hmm(int phone) const { return phones_[phone].hmm; }
  /// The HMM of a phone in context. What the model lacks falls back to the same triphone at other
  /// places of a word, then to the phone without context. Fillers as context count as silence.
  int hmm(const Triphone& triphone) const;

  int hmms() const { return static_cast<int>(transition_matrix_of_.size()); }
  int states_per_phone() const { return states_per_phone_; }
  /// The senones of the states of an HMM, first state first.
  std::span<const int32_t> senones(int hmm) const {
    const auto states = static_cast<std::size_t>(states_per_phone_);
    return {senones_.data() + static_cast<std::size_t>(hmm) * states, states};
  }
  int transition_matrix(int hmm) const { return transition_matrix_of_[hmm]; }

  /// The listed triphones, sorted by base, left, right, position.
  std::size_t triphones() const { return triphone_keys_.size(); }
  Triphone triphone(std::size_t index) const;
  int triphone_hmm(std::size_t index) const { return triphone_hmms_[index]; }

 private:
  struct Phone {
    std::string name;
    bool filler = false;
    int hmm = 0;
  };

  std::vector<Phone> phones_;
  int silence_ = 0;
  int states_per_phone_ = 0;
  std::vector<int32_t> senones_;               // [hmms x states_per_phone]
  std::vector<int32_t> transition_matrix_of_;  // [hmms]
  std::vector<uint32_t> triphone_keys_;        // sorted
  std::vector<int32_t> triphone_hmms_;         // in the order of the keys
};

/// Collects phones, then triphones, in any order within each.
class PhoneSet::Builder {
 public:
  static constexpr int kMaximalPhones = 1024;

  explicit Builder(int states_per_phone);
  ~Builder();

  /// Throws DataError for a name that was there before or one phone too many.
  void add_phone(std::string_view name, bool filler, std::span<const int32_t> senones,
                 int transition_matrix);
  /// Throws DataError for a phone that was not added.
  void add_triphone(const Triphone& triphone, std::span<const int32_t> senones,
                    int transition_matrix);
  int phones() const { return set_.size(); }
  const std::string& name(int phone) const { return set_.name(phone); }
  std::optional<int> find(std::string_view name) const { return set_.find(name); }

  /// Throws DataError when the silence is no phone or a triphone was added twice.
  PhoneSet build(int silence);

 private:
  struct HmmIndex;
  int hmm_of(std::span<const int32_t> senones, int transition_matrix);

  PhoneSet set_;
  std::unique_ptr<HmmIndex> index_;
  std::vector<std::pair<uint32_t, int32_t>> triphones_;  // key, HMM
};

}  // namespace hmm
