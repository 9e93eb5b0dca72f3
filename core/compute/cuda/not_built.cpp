// What devices.h answers in a build without nvcc.
#include "core/compute/devices.h"

namespace hmm::compute {
namespace {

constexpr const char* kReason = "this library was built without CUDA";

}  // namespace

std::vector<CudaDevice> cuda_devices(std::string* reason) {
  if (reason != nullptr) *reason = kReason;
  return {};
}

bool cuda_self_check(int, std::string& reason) {
  reason = kReason;
  return false;
}

}  // namespace hmm::compute
