// Cholesky factors of small dense matrices, row-major [n x n] in double.
#pragma once

#include <cstddef>
#include <span>

namespace hmm {

/// Replaces a symmetric positive definite matrix by its lower factor L, A = L L^T, zeros above the
/// diagonal. Only the lower triangle is read. False when the matrix is not positive definite to
/// working precision; it is then destroyed.
bool cholesky_factor(std::span<double> matrix, std::size_t n);

/// Replaces a lower triangular matrix with a diagonal above 0 by its inverse.
void invert_lower(std::span<double> lower, std::size_t n);

}  // namespace hmm
