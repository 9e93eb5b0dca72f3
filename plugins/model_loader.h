// Loads a model away from the state change and the streaming thread.
#pragma once

#include <gst/gst.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "plugins/exception_guard.h"

namespace hmm::gst {

/// One element's model. start() returns at once; PROGRESS messages tell how the loading goes, and a
/// failure is posted as an error, then as PROGRESS error. The streaming thread calls wait(), which
/// interrupt() breaks (FLUSH_START, a state change down).
template <class Model>
class ModelLoader {
 public:
  using Load = std::function<std::shared_ptr<const Model>()>;

  /// `what` is the progress text, e.g. "Loading the acoustic model".
  void start(GstElement* element, const std::string& what, Load load) {
    const std::lock_guard lock(mutex_);
    interrupted_ = false;
    job_ = std::make_shared<Job>();
    job_->load = std::move(load);
    job_->what = what;
    gst_element_post_message(
        element, gst_message_new_progress(GST_OBJECT(element), GST_PROGRESS_TYPE_START, kCode,
                                          what.c_str()));
    gst_element_call_async(element, &run, new std::shared_ptr<Job>(job_),
                           [](gpointer data) { delete static_cast<std::shared_ptr<Job>*>(data); });
  }

  /// The model; null when it could not be loaded (which has been posted), when interrupted, and
  /// when nothing was started.
  std::shared_ptr<const Model> wait() {
    std::unique_lock lock(mutex_);
    const std::shared_ptr<Job> job = job_;
    if (!job) return nullptr;
    lock.unlock();
    std::unique_lock job_lock(job->mutex);
    job->changed.wait(job_lock, [&] { return job->done || interrupted_; });
    return job->done ? job->model : nullptr;
  }

  /// Makes wait() return, now and until resume().
  void interrupt() { set_interrupted(true); }
  void resume() { set_interrupted(false); }

  /// Forgets the model; a load under way ends by itself and is dropped.
  void reset() {
    interrupt();
    const std::lock_guard lock(mutex_);
    if (job_) {
      const std::lock_guard job_lock(job_->mutex);
      job_->dropped = true;
    }
    job_.reset();
  }

 private:
  static constexpr const char* kCode = "model";

  struct Job {
    Load load;
    std::string what;
    std::mutex mutex;
    std::condition_variable changed;
    std::shared_ptr<const Model> model;
    bool done = false;
    bool dropped = false;
  };

  static void run(GstElement* element, gpointer data) {
    const std::shared_ptr<Job> job = *static_cast<std::shared_ptr<Job>*>(data);
    const auto model =
        guarded(element, std::shared_ptr<const Model>(), [&] { return job->load(); });
    bool dropped;
    {
      const std::lock_guard lock(job->mutex);
      job->model = model;
      job->done = true;
      dropped = job->dropped;
    }
    job->changed.notify_all();
    if (dropped) return;
    gst_element_post_message(element, gst_message_new_progress(GST_OBJECT(element),
                                                               model ? GST_PROGRESS_TYPE_COMPLETE
                                                                     : GST_PROGRESS_TYPE_ERROR,
                                                               kCode, job->what.c_str()));
  }

  void set_interrupted(bool interrupted) {
    const std::lock_guard lock(mutex_);
    if (!job_) {
      interrupted_ = interrupted;
      return;
    }
    {
      const std::lock_guard job_lock(job_->mutex);
      interrupted_ = interrupted;
    }
    job_->changed.notify_all();
  }

  std::mutex mutex_;  // taken before a job's
  std::shared_ptr<Job> job_;
  bool interrupted_ = false;  // written under both mutexes, read under either
};

}  // namespace hmm::gst
