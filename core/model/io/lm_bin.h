// CMU Sphinx binary language models ("Trie Language Model", .lm.bin): docs/lm-bin-format.md.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "core/model/ngram_model.h"

namespace hmm {

/// Reads in place: the model refers to `bytes`, which `owner` keeps alive (without an owner they
/// must outlive the model). Throws ParseError.
NgramModel parse_lm_bin(std::span<const std::byte> bytes, const std::string& file,
                        std::shared_ptr<const void> owner = nullptr);

}  // namespace hmm
