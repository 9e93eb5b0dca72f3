// Which CUDA devices this process could compute on, asked at run time: the same library runs where
// there is no driver.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace hmm::compute {

struct CudaDevice {
  int index = 0;  ///< As the CUDA runtime counts them (CUDA_VISIBLE_DEVICES applies).
  std::string name;
  int compute_capability_major = 0;
  int compute_capability_minor = 0;
  std::size_t memory_bytes = 0;
  int multiprocessors = 0;
};

/// The devices that answer. When there is none, `reason` (which may be null) gets one sentence that
/// says whether the library was built without CUDA, the driver is missing or too old, or no device
/// is there; else it is made empty. Prints nothing, throws no error of its own, and may be called
/// from any thread.
std::vector<CudaDevice> cuda_devices(std::string* reason);

/// Runs a small kernel on `device` (an index of cuda_devices()) and compares every bit with the
/// host. Says whether kernels of this build work there; if not, `reason` gets one sentence that
/// says why, else it is made empty. Creates the device's context, which costs memory there. Prints
/// nothing, throws no error of its own, may be called from any thread and leaves the calling
/// thread's current device as it was.
bool cuda_self_check(int device, std::string& reason);

}  // namespace hmm::compute
