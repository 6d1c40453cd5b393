#include "autograd/system/thread_pool.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <list>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#if __has_include(<unistd.h>)
#include <unistd.h>
#endif

namespace autograd::detail {
namespace {

// A child that was forked has the memory of its parent, but of its threads only the one that forked.
long this_process() {
#if __has_include(<unistd.h>)
  return ::getpid();
#else
  return 0;
#endif
}

// To wake a thread takes about as long as a short piece of work: a thread that waits looks on for a
// while before it sleeps.
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
  explicit ThreadPool(ThreadPool* pool_of_parent) : of_parent(pool_of_parent) {}
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;
  ~ThreadPool() {
    {
      const std::lock_guard lock(mutex_);
      is_over_ = true;
    }
    work_came_.notify_all();
    for (std::thread& each : threads_) each.join();
  }

  // Only kept: its threads are not there, and its mutex may be locked for ever.
  ThreadPool* const of_parent;

  bool is_ours() const { return process_ == this_process(); }

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

  const long process_ = this_process();
  std::mutex mutex_;
  std::condition_variable work_came_, work_done_;
  std::list<Job*> jobs_;
  std::vector<std::thread> threads_;
  std::atomic<std::size_t> wanted_ = 0;  // helpers, by all jobs
  bool is_over_ = false;
};

// The pool of this process, or of the parent that it was forked from.
class CurrentPool {
 public:
  ~CurrentPool() {
    ThreadPool* const pool = pool_.exchange(nullptr);
    if (pool != nullptr && pool->is_ours()) delete pool;
  }
  ThreadPool& get() {
    for (ThreadPool* pool = pool_;;) {
      if (pool != nullptr && pool->is_ours()) return *pool;
      auto made = std::make_unique<ThreadPool>(pool);
      if (pool_.compare_exchange_strong(pool, made.get())) return *made.release();
    }
  }

 private:
  std::atomic<ThreadPool*> pool_ = nullptr;
};
constinit CurrentPool current_pool;

}  // namespace

void run_with_helpers(std::size_t helpers, const std::function<void()>& work) {
  if (helpers == 0) {
    work();
    return;
  }
  current_pool.get().run(helpers, work);
}

}  // namespace autograd::detail
