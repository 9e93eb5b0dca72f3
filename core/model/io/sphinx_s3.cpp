#include "core/model/io/sphinx_s3.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "core/base/byte_reader.h"
#include "core/base/log_math.h"
#include "core/model/io/text_lines.h"

namespace hmm {
namespace {

constexpr float kVarianceFloor = 1e-4F;
constexpr double kWeightFloor = 1e-7;
constexpr double kTransitionFloor = 1e-4;
constexpr int kMaximalStreams = 64;
constexpr uint32_t kByteOrderMark = 0x11223344;

/// The container: a text header, a byte-order mark, 32-bit words, a checksum if the header says so.
class S3Reader {
 public:
  S3Reader(std::span<const std::byte> bytes, const std::string& file) : reader_(bytes, file) {
    read_header();
    if (reader_.read<uint32_t>("the byte-order mark") != kByteOrderMark) {
      reader_.seek(reader_.offset() - sizeof(uint32_t));
      reader_.swap_bytes(true);
      if (reader_.read<uint32_t>("the byte-order mark") != kByteOrderMark) {
        reader_.fail("the byte-order mark 0x11223344 is missing");
      }
    }
    payload_start_ = reader_.offset();
  }

  /// A count from 1 up.
  int read_count(const char* what) {
    const auto value = reader_.read<int32_t>(what);
    if (value < 1) reader_.fail(std::string(what) + " is " + std::to_string(value));
    return value;
  }

  /// The number of values, which is written in the file but follows from its dimensions, then the
  /// values themselves, then the checksum and the end of the file.
  std::vector<float> read_values(uint64_t expected, const char* what) {
    const auto count = reader_.read<uint32_t>("the number of values");
    if (count != expected) {
      reader_.fail("the file announces " + std::to_string(count) + " values; its dimensions need " +
                   std::to_string(expected));
    }
    const std::size_t first = reader_.offset();
    std::vector<float> values = reader_.read_array<float>(count, what);
    verify_end();
    const auto bad = std::ranges::find_if_not(values, [](float v) { return std::isfinite(v); });
    if (bad != values.end()) {
      reader_.seek(first + 4 * static_cast<std::size_t>(bad - values.begin()));
      reader_.fail(std::string(what) + " hold a value that is not a finite number");
    }
    return values;
  }

  /// As read_values, and refuses what is below 0.
  std::vector<float> read_positive_values(uint64_t expected, const char* what) {
    std::vector<float> values = read_values(expected, what);
    const auto bad = std::ranges::find_if(values, [](float value) { return value < 0; });
    if (bad != values.end()) {
      reader_.fail(std::string(what) + " hold the negative value " + std::to_string(*bad));
    }
    return values;
  }

  [[noreturn]] void fail(const std::string& reason) const { reader_.fail(reason); }

 private:
  void read_header() {
    if (reader_.read_line("the header") != "s3") {
      reader_.seek(0);
      reader_.fail("this is no Sphinx parameter file: it does not start with s3");
    }
    for (;;) {
      const auto words = split_words(reader_.read_line("the header"));
      if (words.empty() || words[0].starts_with('#')) continue;
      if (words[0] == "endhdr") return;
      if (words.size() < 2) reader_.fail("the header line " + quoted(words[0]) + " has no value");
      if (words[0] == "chksum0") has_checksum_ = words[1] != "no";
    }
  }

  void verify_end() {
    const std::size_t payload_end = reader_.offset();
    if (has_checksum_) {
      reader_.seek(payload_start_);
      uint32_t sum = 0;
      while (reader_.offset() < payload_end) {
        sum = std::rotl(sum, 20) + reader_.read<uint32_t>("the values");
      }
      const auto stored = reader_.read<uint32_t>("the checksum");
      if (stored != sum) {
        reader_.fail("the checksum is wrong (stored " + std::to_string(stored) + ", computed " +
                     std::to_string(sum) + "): the file is corrupt");
      }
    }
    if (reader_.remaining() != 0) {
      reader_.fail(std::to_string(reader_.remaining()) + " bytes follow the last value");
    }
  }

  ByteReader reader_;
  std::size_t payload_start_ = 0;
  bool has_checksum_ = false;
};

/// Products of a few counts that each fit an int32 can exceed 64 bits; saturates.
uint64_t product(std::initializer_list<int64_t> factors) {
  uint64_t result = 1;
  for (const int64_t factor : factors) {
    if (__builtin_mul_overflow(result, static_cast<uint64_t>(factor), &result)) return UINT64_MAX;
  }
  return result;
}

SphinxGaussians read_gaussian_shape(S3Reader& reader) {
  SphinxGaussians shape;
  shape.codebooks = reader.read_count("the number of codebooks");
  const int streams = reader.read_count("the number of streams");
  if (streams > kMaximalStreams) {
    reader.fail("there are " + std::to_string(streams) + " streams; at most " +
                std::to_string(kMaximalStreams) + " are supported");
  }
  shape.densities = reader.read_count("the number of densities");
  for (int i = 0; i < streams; ++i) {
    shape.stream_dimensions.push_back(reader.read_count("the dimension of a stream"));
  }
  return shape;
}

uint64_t gaussian_values(const SphinxGaussians& shape) {
  const int64_t dimension =
      std::accumulate(shape.stream_dimensions.begin(), shape.stream_dimensions.end(), int64_t{0});
  return product({shape.codebooks, shape.densities, dimension});
}

/// Divides by the sum. Leaves a row of zeros as it is.
void normalise(std::span<double> row) {
  const double sum = std::accumulate(row.begin(), row.end(), 0.0);
  if (sum > 0) {
    for (double& value : row) value /= sum;
  }
}

}  // namespace

SphinxGaussians parse_sphinx_means(std::span<const std::byte> bytes, const std::string& file) {
  S3Reader reader(bytes, file);
  SphinxGaussians means = read_gaussian_shape(reader);
  means.values = reader.read_values(gaussian_values(means), "the means");
  return means;
}

SphinxGaussians parse_sphinx_variances(std::span<const std::byte> bytes, const std::string& file) {
  S3Reader reader(bytes, file);
  SphinxGaussians variances = read_gaussian_shape(reader);
  variances.values = reader.read_positive_values(gaussian_values(variances), "the variances");
  for (float& value : variances.values) value = std::max(value, kVarianceFloor);
  return variances;
}

SphinxMixtureWeights parse_sphinx_mixture_weights(std::span<const std::byte> bytes,
                                                  const std::string& file, int senones) {
  S3Reader reader(bytes, file);
  SphinxMixtureWeights weights;
  weights.senones = reader.read_count("the number of senones");
  weights.streams = reader.read_count("the number of streams");
  weights.densities = reader.read_count("the number of densities");
  weights.values = reader.read_positive_values(
      product({weights.senones, weights.streams, weights.densities}), "the mixture weights");
  if (senones >= 0 && senones < weights.senones) {
    weights.senones = senones;
    weights.values.resize(product({senones, weights.streams, weights.densities}));
    weights.values.shrink_to_fit();
  }
  const auto densities = static_cast<std::size_t>(weights.densities);
  std::vector<double> row(densities);
  for (std::size_t first = 0; first < weights.values.size(); first += densities) {
    const std::span<float> stored(weights.values.data() + first, densities);
    std::ranges::copy(stored, row.begin());
    normalise(row);
    for (double& value : row) value = std::max(value, kWeightFloor);
    normalise(row);
    std::ranges::transform(row, stored.begin(), [](double v) { return static_cast<float>(v); });
  }
  return weights;
}

PhoneTransitions parse_sphinx_transition_matrices(std::span<const std::byte> bytes,
                                                  const std::string& file) {
  S3Reader reader(bytes, file);
  const int matrices = reader.read_count("the number of transition matrices");
  const int states = reader.read_count("the number of source states");
  const int targets = reader.read_count("the number of target states");
  if (targets - 1 != states) {
    reader.fail("the matrices are " + std::to_string(states) + " x " + std::to_string(targets) +
                "; they must have one column more than rows");
  }
  PhoneTransitions transitions;
  transitions.states = states;
  transitions.log_probabilities =
      reader.read_positive_values(product({matrices, states, targets}), "the transitions");
  const auto columns = static_cast<std::size_t>(targets);
  std::vector<double> row(columns);
  for (std::size_t r = 0; r < transitions.log_probabilities.size() / columns; ++r) {
    const std::span<float> stored(transitions.log_probabilities.data() + r * columns, columns);
    std::ranges::copy(stored, row.begin());
    const std::size_t source = r % static_cast<std::size_t>(states);
    if (std::any_of(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(source),
                    [](double count) { return count > 0; })) {
      reader.fail("matrix " + std::to_string(r / static_cast<std::size_t>(states)) +
                  " goes backwards from state " + std::to_string(source) +
                  "; phones must be left to right");
    }
    normalise(row);
    for (double& value : row) {
      if (value > 0) value = std::max(value, kTransitionFloor);
    }
    normalise(row);
    std::ranges::transform(row, stored.begin(), [](double probability) {
      return probability > 0 ? static_cast<float>(std::log(probability)) : kLogZero<float>;
    });
  }
  return transitions;
}

}  // namespace hmm
