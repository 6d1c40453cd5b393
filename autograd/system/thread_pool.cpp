#include "autograd/system/thread_pool.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <list>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace autograd::detail {
namespace {

// To wake a thread takes about as long as a short piece of work: whoever waits looks on for a while
// before it sleeps.
template <class Condition> void look_on(const Condition& is_over) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::microseconds(100);
  while (!is_over() && std::chrono::steady_clock::now() < end) {
  }
}

struct Job {
  const std::function<void()>& work;
  std::size_t wanted;                    // helpers that may still join
  std::atomic<std::size_t> helping = 0;  // that have, and are not done
};

class ThreadPool {
 public:
  ~ThreadPool() {
    {
      const std::lock_guard lock(mutex_);
      is_over_ = true;
    }
    work_came_.notify_all();
    for (std::thread& each : threads_) each.join();
  }

  void run(std::size_t helpers, const std::function<void()>& work) {
    std::list<Job*>::iterator place;
    Job job{work, helpers};
    {
      const std::lock_guard lock(mutex_);
      start(helpers);
      place = jobs_.insert(jobs_.end(), &job);
      wanted_ += helpers;
    }
    for (std::size_t i = 0; i < helpers; ++i) work_came_.notify_one();
    work();
    {
      const std::lock_guard lock(mutex_);
      jobs_.erase(place);  // who has not come yet need not
      wanted_ -= job.wanted;
    }
    look_on([&] { return job.helping == 0; });
    std::unique_lock lock(mutex_);
    work_done_.wait(lock, [&] { return job.helping == 0; });
  }

 private:
  static constexpr std::size_t kMostThreads = 255;

  // As many threads as wanted, or as the system has.
  void start(std::size_t count) {
    while (threads_.size() < std::min(count, kMostThreads)) {
      try {
        threads_.emplace_back([this] { help(); });
      } catch (const std::system_error&) {
        return;
      }
    }
  }

  Job* open_job() const {
    const auto open = std::ranges::find_if(jobs_, [](const Job* job) { return job->wanted > 0; });
    return open == jobs_.end() ? nullptr : *open;
  }

  void help() {
    for (;;) {
      look_on([&] { return wanted_ != 0; });
      std::unique_lock lock(mutex_);
      work_came_.wait(lock, [&] { return is_over_ || open_job() != nullptr; });
      if (is_over_) return;
      Job* const job = open_job();
      --job->wanted;
      --wanted_;
      ++job->helping;
      lock.unlock();
      job->work();
      lock.lock();
      if (--job->helping == 0) work_done_.notify_all();
    }
  }

  std::mutex mutex_;
  std::condition_variable work_came_, work_done_;
  std::list<Job*> jobs_;
  std::vector<std::thread> threads_;
  std::atomic<std::size_t> wanted_ = 0;  // helpers, by all jobs
  bool is_over_ = false;
};

}  // namespace

void run_with_helpers(std::size_t helpers, const std::function<void()>& work) {
  if (helpers == 0) {
    work();
    return;
  }
  static ThreadPool pool;
  pool.run(helpers, work);
}

}  // namespace autograd::detail
