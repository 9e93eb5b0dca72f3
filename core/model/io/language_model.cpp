#include "core/model/io/language_model.h"

#include "core/base/file.h"
#include "core/model/io/arpa.h"
#include "core/model/io/lm_bin.h"

namespace hmm {

NgramModel load_language_model(const std::filesystem::path& path) {
  auto file = std::make_shared<const MappedFile>(path);
  if (file->text().starts_with("Trie")) return parse_lm_bin(file->bytes(), path.string(), file);
  return parse_arpa(file->bytes(), path.string());
}

}  // namespace hmm
