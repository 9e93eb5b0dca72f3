// HTK label files and master label files (HTK Book, "Label Files"), and TIMIT's .phn and .wrd.
#pragma once

#include <string>
#include <string_view>

#include "core/language/labels/labels.h"

namespace hmm {

/// "[start end] name [score] [word [score]]", times in 100 ns, one tier "label". Where lines carry
/// a word after the score, as HTK's aligner writes them, a second tier "word" holds these. A master
/// label file has one tier for each of its patterns. HTS full-context labels are of this form.
/// Throws ParseError with the line, also for labels without times and for alternatives ("///").
Labels read_htk_labels(std::string_view bytes, const std::string& file);

/// The first tier as a label file.
std::string write_htk_labels(const Labels& labels);
/// Every tier, under its name, as a master label file.
std::string write_master_labels(const Labels& labels);

/// "start end name", times in samples of `sample_rate` Hz, one tier "label".
Labels read_timit_labels(std::string_view bytes, const std::string& file, double sample_rate);

}  // namespace hmm
