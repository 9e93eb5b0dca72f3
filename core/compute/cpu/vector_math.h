// Elementwise arithmetic on arrays of float32 with the best instructions of this machine.
//
// Each result depends on its own element only, never on its place in the array. Sums and maxima
// depend on the length of the array and the instructions in use.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace hmm::compute::cpu {

/// The greatest element; -infinity for an empty array.
float max_of(const float* x, std::size_t size);

/// y = exp(x - shift), exactly 0 below -104 (relative error 4e-7); returns the sum of y.
float exp_shifted(const float* x, float shift, float* y, std::size_t size);

/// x = log(x) (relative error 4e-7), -infinity for 0.
void log_in_place(float* x, std::size_t size);

/// True when no element is NaN or infinite.
bool all_finite(const float* x, std::size_t size);

/// True when no element is NaN or +infinity.
bool all_below_infinity(const float* x, std::size_t size);

/// The instruction set in use, e.g. "AVX2".
std::string instruction_set();

/// The instruction sets that this program holds and this machine has, best first.
std::vector<std::string> instruction_sets();

/// Makes the whole process use one of instruction_sets(), for tests and measurements; "" goes back
/// to the best. Throws SettingsError for any other name.
void use_instruction_set(const std::string& name);

}  // namespace hmm::compute::cpu
