#include "core/model/phone_set.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "core/base/error.h"

namespace hmm {
namespace {

constexpr uint32_t kPhoneBits = 10;
constexpr uint32_t kPhoneMask = (1U << kPhoneBits) - 1;
constexpr uint32_t kPositions = 4;

/// Sorts by base, left, right, position.
uint32_t key_of(const Triphone& triphone) {
  uint32_t key = static_cast<uint32_t>(triphone.base);
  key = key << kPhoneBits | static_cast<uint32_t>(triphone.left);
  key = key << kPhoneBits | static_cast<uint32_t>(triphone.right);
  return key * kPositions + static_cast<uint32_t>(triphone.position);
}

Triphone triphone_of(uint32_t key) {
  const uint32_t phones = key / kPositions;
  return {static_cast<int>(phones >> 2 * kPhoneBits),
          static_cast<int>(phones >> kPhoneBits & kPhoneMask),
          static_cast<int>(phones & kPhoneMask), static_cast<WordPosition>(key % kPositions)};
}

}  // namespace

std::optional<int> PhoneSet::find(std::string_view name) const {
  const auto found =
      std::find_if(phones_.begin(), phones_.end(), [&](const Phone& p) { return p.name == name; });
  if (found == phones_.end()) return std::nullopt;
  return static_cast<int>(found - phones_.begin());
}

Triphone PhoneSet::triphone(std::size_t index) const { return triphone_of(triphone_keys_[index]); }

int PhoneSet::hmm(const Triphone& triphone) const {
  if (is_filler(triphone.base)) return hmm(triphone.base);
  Triphone listed = triphone;
  if (is_filler(listed.left)) listed.left = silence_;
  if (is_filler(listed.right)) listed.right = silence_;
  const uint32_t wanted = key_of(listed);
  const uint32_t first_position = wanted / kPositions * kPositions;
  const auto first = std::lower_bound(triphone_keys_.begin(), triphone_keys_.end(), first_position);
  auto chosen = triphone_keys_.end();
  for (auto key = first; key != triphone_keys_.end() && *key < first_position + kPositions; ++key) {
    if (chosen == triphone_keys_.end() || *key == wanted) chosen = key;
  }
  if (chosen == triphone_keys_.end()) return hmm(triphone.base);
  return triphone_hmms_[static_cast<std::size_t>(chosen - triphone_keys_.begin())];
}

/// Finds an HMM by what it is made of. Holds numbers of HMMs; the senones stay in the phone set.
struct PhoneSet::Builder::HmmIndex {
  const PhoneSet& set;

  std::size_t operator()(int32_t hmm) const {
    std::size_t hash = static_cast<std::size_t>(set.transition_matrix(hmm));
    for (const int32_t senone : set.senones(hmm)) {
      hash = (hash ^ static_cast<std::size_t>(senone)) * 0x9E3779B97F4A7C15U;
      hash ^= hash >> 32;
    }
    return hash;
  }
  bool operator()(int32_t a, int32_t b) const {
    return set.transition_matrix(a) == set.transition_matrix(b) &&
           std::ranges::equal(set.senones(a), set.senones(b));
  }

  explicit HmmIndex(const PhoneSet& phone_set) : set(phone_set) {}
  HmmIndex(const HmmIndex&) = delete;

  struct Hash {
    const HmmIndex* index;
    std::size_t operator()(int32_t hmm) const { return (*index)(hmm); }
  };
  struct Equal {
    const HmmIndex* index;
    bool operator()(int32_t a, int32_t b) const { return (*index)(a, b); }
  };
  std::unordered_set<int32_t, Hash, Equal> known{64, Hash{this}, Equal{this}};
};

PhoneSet::Builder::Builder(int states_per_phone) : index_(std::make_unique<HmmIndex>(set_)) {
  set_.states_per_phone_ = states_per_phone;
}

PhoneSet::Builder::~Builder() = default;

int PhoneSet::Builder::hmm_of(std::span<const int32_t> senones, int transition_matrix) {
  const int32_t candidate = set_.hmms();
  set_.senones_.insert(set_.senones_.end(), senones.begin(), senones.end());
  set_.transition_matrix_of_.push_back(transition_matrix);
  const auto [known, is_new] = index_->known.insert(candidate);
  if (!is_new) {
    set_.senones_.resize(set_.senones_.size() - senones.size());
    set_.transition_matrix_of_.pop_back();
  }
  return *known;
}

void PhoneSet::Builder::add_phone(std::string_view name, bool filler,
                                  std::span<const int32_t> senones, int transition_matrix) {
  if (find(name)) throw DataError("the phone " + std::string(name) + " is listed twice");
  if (phones() == kMaximalPhones) {
    throw DataError("there are more than " + std::to_string(kMaximalPhones) + " phones");
  }
  set_.phones_.push_back({std::string(name), filler, hmm_of(senones, transition_matrix)});
}

void PhoneSet::Builder::add_triphone(const Triphone& triphone, std::span<const int32_t> senones,
                                     int transition_matrix) {
  for (const int phone : {triphone.base, triphone.left, triphone.right}) {
    if (phone < 0 || phone >= phones()) {
      throw DataError("a triphone names phone " + std::to_string(phone) + " of " +
                      std::to_string(phones()));
    }
  }
  triphones_.emplace_back(key_of(triphone), hmm_of(senones, transition_matrix));
}

PhoneSet PhoneSet::Builder::build(int silence) {
  if (silence < 0 || silence >= phones()) {
    throw DataError("the silence is phone " + std::to_string(silence) + " of " +
                    std::to_string(phones()));
  }
  set_.silence_ = silence;
  std::sort(triphones_.begin(), triphones_.end());
  const auto twice = std::adjacent_find(triphones_.begin(), triphones_.end(),
                                        [](auto& a, auto& b) { return a.first == b.first; });
  if (twice != triphones_.end()) {
    const Triphone triphone = triphone_of(twice->first);
    throw DataError("the triphone " + set_.name(triphone.base) + " between " +
                    set_.name(triphone.left) + " and " + set_.name(triphone.right) +
                    " is listed twice for the same place in a word");
  }
  set_.triphone_keys_.reserve(triphones_.size());
  set_.triphone_hmms_.reserve(triphones_.size());
  for (const auto& [key, hmm] : triphones_) {
    set_.triphone_keys_.push_back(key);
    set_.triphone_hmms_.push_back(hmm);
  }
  set_.senones_.shrink_to_fit();
  set_.transition_matrix_of_.shrink_to_fit();
  index_.reset();
  return std::move(set_);
}

}  // namespace hmm
