// The CUDA devices of this machine: the answer where there is none, the self-check where one is.
#include "core/compute/devices.h"

#include <dlfcn.h>
#include <elf.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <link.h>

#include <climits>
#include <thread>

namespace hmm::compute {
namespace {

using ::testing::HasSubstr;

bool driver_installed() {
  void* driver = dlopen("libcuda.so.1", RTLD_LAZY | RTLD_LOCAL);
  if (driver != nullptr) dlclose(driver);
  return driver != nullptr;
}

// The names of the libraries that the file with cuda_devices() cannot be loaded without.
std::vector<std::string> needed_libraries() {
  Dl_info info{};
  link_map* loaded = nullptr;
  if (dladdr1(reinterpret_cast<void*>(&cuda_devices), &info, reinterpret_cast<void**>(&loaded),
              RTLD_DL_LINKMAP) == 0) {
    return {};
  }
  const char* strings = nullptr;
  for (const ElfW(Dyn)* entry = loaded->l_ld; entry->d_tag != DT_NULL; ++entry) {
    if (entry->d_tag == DT_STRTAB) strings = reinterpret_cast<const char*>(entry->d_un.d_ptr);
  }
  std::vector<std::string> names;
  for (const ElfW(Dyn)* entry = loaded->l_ld; entry->d_tag != DT_NULL; ++entry) {
    if (entry->d_tag == DT_NEEDED) names.emplace_back(strings + entry->d_un.d_val);
  }
  return names;
}

TEST(Devices, AreNoneInABuildWithoutCuda) {
  if (HMM_CUDA_BUILT) GTEST_SKIP() << "built with nvcc";
  std::string reason;
  EXPECT_TRUE(cuda_devices(&reason).empty());
  EXPECT_EQ(reason, "this library was built without CUDA");
}

TEST(Devices, AreNoneWithoutADriver) {
  if (!HMM_CUDA_BUILT) GTEST_SKIP() << "built without nvcc";
  if (driver_installed()) GTEST_SKIP() << "an NVIDIA driver is installed";
  std::string reason = "left over";
  EXPECT_TRUE(cuda_devices(&reason).empty());
  EXPECT_THAT(reason, HasSubstr("no NVIDIA driver on this machine"));
  EXPECT_THAT(reason, HasSubstr("CUDA error 35"));
}

TEST(Devices, GiveAReasonExactlyWhenThereIsNone) {
  std::string reason = "left over";
  const std::vector<CudaDevice> devices = cuda_devices(&reason);
  EXPECT_EQ(devices.empty(), !reason.empty()) << reason;
  EXPECT_EQ(reason.find('\n'), std::string::npos);
  EXPECT_EQ(cuda_devices(nullptr).size(), devices.size());
}

TEST(Devices, ThatDoNotExistFailTheSelfCheck) {
  const bool none = cuda_devices(nullptr).empty();
  for (const int index : {-1, INT_MIN, INT_MAX, 1 << 20}) {
    std::string reason;
    EXPECT_FALSE(cuda_self_check(index, reason));
    EXPECT_THAT(reason, HasSubstr(none ? "" : std::to_string(index)));
    EXPECT_FALSE(reason.empty());
  }
}

TEST(Devices, AnswerEveryThreadAlike) {
  std::string expected;
  const std::size_t count = cuda_devices(&expected).size();
  std::vector<std::string> reasons(8);
  std::vector<std::size_t> counts(reasons.size());
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < reasons.size(); ++i) {
    threads.emplace_back([&, i] { counts[i] = cuda_devices(&reasons[i]).size(); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(reasons, ::testing::Each(expected));
  EXPECT_THAT(counts, ::testing::Each(count));
}

TEST(Devices, ArePlausibleAndPassTheSelfCheck) {
  if (!HMM_CUDA_BUILT) GTEST_SKIP() << "built without nvcc";
  std::string reason;
  const std::vector<CudaDevice> devices = cuda_devices(&reason);
  if (devices.empty()) GTEST_SKIP() << "no CUDA device on this machine (" << reason << ")";
  for (const CudaDevice& device : devices) {
    EXPECT_FALSE(device.name.empty());
    EXPECT_GE(device.compute_capability_major, 1);
    EXPECT_GT(device.memory_bytes, std::size_t{64} << 20);
    EXPECT_GT(device.multiprocessors, 0);
    EXPECT_TRUE(cuda_self_check(device.index, reason)) << reason;
    EXPECT_EQ(reason, "");
  }
}

TEST(Devices, NeedNoCudaLibraryToLoad) {
  const std::vector<std::string> names = needed_libraries();
  ASSERT_FALSE(names.empty());
  EXPECT_THAT(names, ::testing::Contains(HasSubstr("libc.so")));
  EXPECT_THAT(names, ::testing::Not(::testing::Contains(HasSubstr("libcuda"))));
}

TEST(Devices, KeepTheRuntimeToThemselves) {
  if (!HMM_CUDA_BUILT) GTEST_SKIP() << "built without nvcc";
  EXPECT_EQ(dlsym(RTLD_DEFAULT, "cudaGetDeviceCount"), nullptr);
}

}  // namespace
}  // namespace hmm::compute
