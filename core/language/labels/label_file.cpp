#include "core/language/labels/label_file.h"

#include <array>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/utf8.h"
#include "core/language/labels/captions.h"
#include "core/language/labels/csv_labels.h"
#include "core/language/labels/ctm.h"
#include "core/language/labels/htk_labels.h"
#include "core/language/labels/json_lines.h"
#include "core/language/labels/textgrid.h"

namespace hmm {
namespace {

struct Name {
  std::string_view name;
  LabelFormat format;
};

constexpr std::array<Name, 10> kFormats = {{{"textgrid", LabelFormat::kTextGrid},
                                            {"textgrid-short", LabelFormat::kShortTextGrid},
                                            {"ctm", LabelFormat::kCtm},
                                            {"json", LabelFormat::kJsonLines},
                                            {"htk", LabelFormat::kHtk},
                                            {"mlf", LabelFormat::kMasterLabel},
                                            {"timit", LabelFormat::kTimit},
                                            {"srt", LabelFormat::kSrt},
                                            {"vtt", LabelFormat::kWebVtt},
                                            {"csv", LabelFormat::kCsv}}};

constexpr std::array<Name, 12> kExtensions = {{{".textgrid", LabelFormat::kTextGrid},
                                               {".ctm", LabelFormat::kCtm},
                                               {".json", LabelFormat::kJsonLines},
                                               {".jsonl", LabelFormat::kJsonLines},
                                               {".lab", LabelFormat::kHtk},
                                               {".rec", LabelFormat::kHtk},
                                               {".mlf", LabelFormat::kMasterLabel},
                                               {".phn", LabelFormat::kTimit},
                                               {".wrd", LabelFormat::kTimit},
                                               {".srt", LabelFormat::kSrt},
                                               {".vtt", LabelFormat::kWebVtt},
                                               {".csv", LabelFormat::kCsv}}};

}  // namespace

LabelFormat parse_label_format(std::string_view name) {
  std::string known;
  for (const Name& each : kFormats) {
    if (each.name == name) return each.format;
    known += (known.empty() ? "" : ", ") + std::string(each.name);
  }
  throw SettingsError("\"" + std::string(name) + "\" is no label format; these are: " + known);
}

std::optional<LabelFormat> label_format_of(const std::filesystem::path& path) {
  std::string extension = path.extension().string();
  for (char& c : extension) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  for (const Name& each : kExtensions) {
    if (each.name == extension) return each.format;
  }
  return std::nullopt;
}

Labels read_labels(const std::filesystem::path& path, const LabelReading& reading) {
  const auto format = reading.format ? reading.format : label_format_of(path);
  if (!format) {
    throw SettingsError(path.string() + ": the name does not tell the label format; give it");
  }
  const MappedFile content(path);
  const std::string file = path.string();
  switch (*format) {
    case LabelFormat::kTextGrid:
    case LabelFormat::kShortTextGrid:
      return read_textgrid(content.text(), file);
    case LabelFormat::kCtm:
      return read_ctm(content.text(), file);
    case LabelFormat::kJsonLines:
      return read_json_lines(content.text(), file);
    case LabelFormat::kHtk:
    case LabelFormat::kMasterLabel:
      return read_htk_labels(content.text(), file);
    case LabelFormat::kTimit:
      return read_timit_labels(content.text(), file, reading.sample_rate);
    case LabelFormat::kSrt:
      return read_srt(content.text(), file);
    case LabelFormat::kWebVtt:
      return read_webvtt(content.text(), file);
    case LabelFormat::kCsv:
      return read_csv_labels(content.text(), file);
  }
  throw SettingsError("unknown label format");
}

std::string write_labels(const Labels& labels, LabelFormat format) {
  switch (format) {
    case LabelFormat::kTextGrid:
      return write_textgrid(labels, TextGridForm::kLong);
    case LabelFormat::kShortTextGrid:
      return write_textgrid(labels, TextGridForm::kShort);
    case LabelFormat::kCtm:
      return write_ctm(labels);
    case LabelFormat::kJsonLines:
      return write_json_lines(labels);
    case LabelFormat::kHtk:
      return write_htk_labels(labels);
    case LabelFormat::kMasterLabel:
      return write_master_labels(labels);
    case LabelFormat::kTimit:
      break;
    case LabelFormat::kSrt:
      return write_srt(labels);
    case LabelFormat::kWebVtt:
      return write_webvtt(labels);
    case LabelFormat::kCsv:
      return write_csv_labels(labels);
  }
  throw SettingsError("labels are not written in TIMIT's format; choose htk");
}

}  // namespace hmm
