// Label files of any format, told apart by their names.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "core/language/labels/labels.h"

namespace hmm {

enum class LabelFormat {
  kTextGrid,
  kShortTextGrid,
  kCtm,
  kJsonLines,
  kHtk,
  kMasterLabel,
  kTimit,
  kSrt,
  kWebVtt,
  kCsv
};

/// "textgrid", "textgrid-short", "ctm", "json", "htk", "mlf", "timit", "srt", "vtt", "csv".
/// Throws SettingsError, listing these, for any other name.
LabelFormat parse_label_format(std::string_view name);

/// By the extension: .TextGrid .ctm .json .jsonl .lab .rec .mlf .phn .wrd .srt .vtt .csv.
std::optional<LabelFormat> label_format_of(const std::filesystem::path& path);

struct LabelReading {
  std::optional<LabelFormat> format;  // none: by the file's name
  double sample_rate = 16000;         // of TIMIT's labels, whose times are in samples
};

/// Throws NotFoundError, ParseError, and SettingsError for a name that tells no format.
Labels read_labels(const std::filesystem::path& path, const LabelReading& reading = {});

/// The content of a file; TIMIT's format is not written (SettingsError).
std::string write_labels(const Labels& labels, LabelFormat format);

}  // namespace hmm
