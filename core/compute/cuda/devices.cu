#include "core/compute/devices.h"

#include <cuda_runtime.h>

#include <cmath>
#include <cstring>
#include <memory>

namespace hmm::compute {
namespace {

constexpr int kCheckedValues = 4099;  // no multiple of a block: the last one is partly masked
constexpr int kBlock = 256;
constexpr float kSlope = 1.0F / 3.0F;
constexpr float kOffset = 0.7F;

// One rounding on either side, so that host and device agree in every bit.
__host__ __device__ float check_step(float x) { return std::fma(kSlope, x, kOffset); }

__global__ void check_kernel(const float* x, float* y, int count) {
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < count) y[i] = check_step(x[i]);
}

// The text of an error, which is taken off the thread: a later launch must not find it there.
std::string text_of(cudaError_t error) {
  cudaGetLastError();
  return std::string(cudaGetErrorString(error)) + " (CUDA error " + std::to_string(error) + ")";
}

std::string version_text(int version) {
  return std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10);
}

std::string why_no_device(cudaError_t error) {
  const std::string text = text_of(error);
  if (error == cudaErrorNoDevice) return "no CUDA device on this machine: " + text;
  if (error != cudaErrorInsufficientDriver) return "the CUDA devices do not answer: " + text;
  int driver = 0;
  if (cudaDriverGetVersion(&driver) != cudaSuccess || driver == 0) {
    return "no NVIDIA driver on this machine: " + text;
  }
  return "the NVIDIA driver supports CUDA " + version_text(driver) + " and this library needs " +
         version_text(CUDART_VERSION) + ": " + text;
}

// Makes a device current for this thread and goes back to the one before.
class CurrentDevice {
 public:
  CurrentDevice() { cudaGetDevice(&before_); }
  ~CurrentDevice() { cudaSetDevice(before_); }
  CurrentDevice(const CurrentDevice&) = delete;
  CurrentDevice& operator=(const CurrentDevice&) = delete;
  cudaError_t set(int device) { return cudaSetDevice(device); }

 private:
  int before_ = 0;
};

struct DeviceFree {
  void operator()(float* values) const { cudaFree(values); }
};
using DeviceFloats = std::unique_ptr<float, DeviceFree>;

cudaError_t allocate(std::size_t count, DeviceFloats& floats) {
  float* values = nullptr;
  const cudaError_t error = cudaMalloc(&values, count * sizeof(float));
  floats.reset(values);
  return error;
}

// Both copies wait for the device, so `y` is whole on return.
cudaError_t run_check(const std::vector<float>& x, std::vector<float>& y) {
  const std::size_t bytes = x.size() * sizeof(float);
  const int count = static_cast<int>(x.size());
  DeviceFloats device_x;
  DeviceFloats device_y;
  cudaError_t error = allocate(x.size(), device_x);
  if (error == cudaSuccess) error = allocate(x.size(), device_y);
  if (error == cudaSuccess) {
    error = cudaMemcpy(device_x.get(), x.data(), bytes, cudaMemcpyHostToDevice);
  }
  if (error != cudaSuccess) return error;
  check_kernel<<<(count + kBlock - 1) / kBlock, kBlock>>>(device_x.get(), device_y.get(), count);
  error = cudaGetLastError();
  if (error != cudaSuccess) return error;
  return cudaMemcpy(y.data(), device_y.get(), bytes, cudaMemcpyDeviceToHost);
}

}  // namespace

std::vector<CudaDevice> cuda_devices(std::string* reason) {
  std::vector<CudaDevice> devices;
  std::string why;
  int count = 0;
  cudaError_t error = cudaGetDeviceCount(&count);
  if (error == cudaSuccess && count == 0) error = cudaErrorNoDevice;
  if (error != cudaSuccess) why = why_no_device(error);
  for (int index = 0; error == cudaSuccess && index < count; ++index) {
    cudaDeviceProp properties;
    // One that fell off the bus is left out; the others can still work.
    if (const cudaError_t lost = cudaGetDeviceProperties(&properties, index); lost != cudaSuccess) {
      why = "CUDA device " + std::to_string(index) + " does not answer: " + text_of(lost);
      continue;
    }
    devices.push_back({index, properties.name, properties.major, properties.minor,
                       properties.totalGlobalMem, properties.multiProcessorCount});
  }
  if (!devices.empty()) why.clear();
  if (reason != nullptr) *reason = why;
  return devices;
}

bool cuda_self_check(int device, std::string& reason) {
  const std::vector<CudaDevice> devices = cuda_devices(&reason);
  if (devices.empty()) return false;
  const std::string name = "CUDA device " + std::to_string(device);
  bool known = false;
  for (const CudaDevice& candidate : devices) known = known || candidate.index == device;
  if (!known) {
    reason = name + " is not one of the " + std::to_string(devices.size()) + " that answer";
    return false;
  }

  std::vector<float> x(kCheckedValues);
  for (int i = 0; i < kCheckedValues; ++i) {
    x[i] = 0.37F * static_cast<float>(i - kCheckedValues / 2);
  }
  std::vector<float> y(kCheckedValues, std::nanf(""));
  CurrentDevice current;
  cudaError_t error = current.set(device);
  if (error == cudaSuccess) error = run_check(x, y);
  if (error != cudaSuccess) {
    reason = name + " cannot run a kernel of this build: " + text_of(error);
    return false;
  }
  for (int i = 0; i < kCheckedValues; ++i) {
    const float expected = check_step(x[i]);
    if (std::memcmp(&y[i], &expected, sizeof(float)) != 0) {
      reason = name + " computes " + std::to_string(y[i]) + " where the host computes " +
               std::to_string(expected) + " (value " + std::to_string(i) + " of the self-check)";
      return false;
    }
  }
  return true;
}

}  // namespace hmm::compute
