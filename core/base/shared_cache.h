// One copy in the process of what is costly to load.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

namespace hmm {

/// Values by key, made when first asked for, shared while anyone holds them and forgotten after.
/// Threads that ask for the same key at once wait for the one that makes it; other keys do not
/// wait.
template <class Key, class Value>
class SharedCache {
 public:
  /// The value of `key`, from `make` if nobody holds it. What `make` throws reaches the caller and
  /// leaves nothing behind.
  std::shared_ptr<const Value> get(const Key& key,
                                   const std::function<std::shared_ptr<const Value>()>& make) {
    const std::shared_ptr<Entry> entry = entry_of(key);
    const std::lock_guard one_maker(entry->mutex);
    std::shared_ptr<const Value> value = entry->value.lock();
    if (!value) {
      value = make();
      entry->value = value;
    }
    return value;
  }

 private:
  struct Entry {
    std::mutex mutex;
    std::weak_ptr<const Value> value;
  };

  std::shared_ptr<Entry> entry_of(const Key& key) {
    const std::lock_guard lock(mutex_);
    // Nobody holds an entry that only the map refers to, so its value cannot be in the making.
    std::erase_if(entries_, [](const auto& item) {
      return item.second.use_count() == 1 && item.second->value.expired();
    });
    auto& entry = entries_[key];
    if (!entry) entry = std::make_shared<Entry>();
    return entry;
  }

  std::mutex mutex_;
  std::map<Key, std::shared_ptr<Entry>> entries_;
};

}  // namespace hmm
