#include "autograd/replay/executor.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <memory>
#include <mutex>
#include <new>

#include <autograd/system/thread_pool.hpp>

namespace autograd::detail {
namespace {

constexpr std::size_t kChunk = 64;  // rows, but at least a block
// To wake a thread costs about as much as this many steps for a row.
constexpr std::size_t kWorthAThread = 200'000;

// Memory for arrays of numbers, each from the start of a cache line on. A thread keeps it from one
// run to the next if it is not much: to ask the system anew can take as long as a small batch.
class Scratch {
 public:
  // What take() gave before is no longer valid.
  void begin(std::size_t numbers, std::size_t arrays) {
    const std::size_t wanted = numbers + arrays * kLine;
    if (wanted > size_) {
      data_.reset();
      size_ = 0;
      data_.reset(static_cast<double*>(::operator new(wanted * sizeof(double), kAlignment)));
      size_ = wanted;
    }
    next_ = data_.get();
  }
  double* take(std::size_t count) {
    double* const result = next_;
    next_ += (count + kLine - 1) / kLine * kLine;
    return result;
  }
  void end() {
    if (size_ <= kMostKept) return;
    data_.reset();
    size_ = 0;
  }

 private:
  static constexpr std::align_val_t kAlignment{64};
  static constexpr std::size_t kLine = 8, kMostKept = std::size_t{1} << 17;  // numbers: 1 MB
  struct Free {
    void operator()(double* p) const { ::operator delete(p, kAlignment); }
  };
  std::unique_ptr<double, Free> data_;
  std::size_t size_ = 0;
  double* next_ = nullptr;
};
thread_local Scratch scratch_of_run, scratch_of_worker;

// Ends with the scope.
class ScratchUse {
 public:
  ScratchUse(Scratch& scratch, std::size_t numbers, std::size_t arrays) : scratch_(scratch) {
    scratch_.begin(numbers, arrays);
  }
  ~ScratchUse() { scratch_.end(); }
  ScratchUse(const ScratchUse&) = delete;
  ScratchUse& operator=(const ScratchUse&) = delete;
  double* take(std::size_t count) { return scratch_.take(count); }

 private:
  Scratch& scratch_;
};

class Run {
 public:
  Run(const Program& program, const Kernels& kernels, const Batch& batch)
      : p_(program),
        kernels_(kernels),
        batch_(batch),
        block_(std::min<std::size_t>(program.block, (batch.rows + kLanes - 1) / kLanes * kLanes)),
        memory_(scratch_of_run,
                program.uniforms + program.kept * blocks() * block_ + program.sums +
                    most_pinned(program) * kLanes,
                4),
        uniforms_(memory_.take(program.uniforms)),
        kept_(memory_.take(program.kept * blocks() * block_)),
        sums_(memory_.take(program.sums)),
        pinned_(memory_.take(most_pinned(program) * kLanes)) {
    // Sums of other phases are added up with the rest.
    std::fill_n(sums_, program.sums, 0.0);
    std::ranges::copy(batch.parameters, uniforms_);
    std::ranges::copy(program.numbers, uniforms_ + program.parameters);
  }

  Diverged run(std::size_t threads) {
    threads = std::clamp<std::size_t>(threads, 1, std::min(chunks(), threads_worth()));
    for (phase_ = 0; phase_ < p_.phases.size(); ++phase_) {
      run_once();
      next_chunk_ = 0;
      turn_ = 0;
      pin();
      if (!p_.phases[phase_].rows.empty()) run_rows(threads);
      if (diverged_.rows != 0 && p_.mixes_rows) return diverged_;
      for (const auto& mean : p_.phases[phase_].means) {
        uniforms_[mean.uniform] =
            sums_[mean.sum] / static_cast<double>(batch_.rows - diverged_.rows);
      }
      write_totals();
    }
    return diverged_;
  }

 private:
  std::size_t blocks() const { return (batch_.rows + block_ - 1) / block_; }
  std::size_t blocks_of_chunk() const { return std::max<std::size_t>(kChunk / block_, 1); }
  std::size_t chunks() const { return (blocks() + blocks_of_chunk() - 1) / blocks_of_chunk(); }

  std::size_t threads_worth() const {
    std::size_t steps = 0;
    for (const Program::Phase& phase : p_.phases)
      for (const Step& step : phase.rows) {
        const bool has_list = step.kernel >= kAddRegisters && step.kernel < kFused;
        steps += !has_list ? 4 : is_tile(step.kernel) ? kTile * step.c : 1 + step.c;
      }
    return 1 + steps * batch_.rows / kWorthAThread;
  }

  // What is the same in all rows, as if there were one.
  void run_once() {
    const auto& steps = p_.phases[phase_].once;
    if (steps.empty()) return;
    ScratchUse memory(scratch_of_worker, numbers_of_registers(), 1);
    BlockState frame = new_frame(memory.take(numbers_of_registers()));
    frame.rows = 1;
    frame.lanes = kernels_.lanes;
    for (const Step& step : steps) kernels_.nan_safe[step.kernel](step, frame);
  }

  void pin() {
    double* to = pinned_;
    for (const std::uint32_t uniform : p_.phases[phase_].pinned)
      to = std::fill_n(to, kLanes, uniforms_[uniform]);
  }
  static std::size_t most_pinned(const Program& program) {
    std::size_t most = 0;
    for (const Program::Phase& phase : program.phases) most = std::max(most, phase.pinned.size());
    return most;
  }

  // And behind them room for operands.
  std::size_t numbers_of_registers() const {
    return std::size_t{p_.registers} * block_ + p_.most_operands * kLanes;
  }

  BlockState new_frame(double* registers) const {
    BlockState frame{};
    frame.registers = registers;
    frame.operands = registers + std::size_t{p_.registers} * block_;
    frame.block = block_;
    frame.uniforms = uniforms_;
    frame.pinned = pinned_;
    frame.list = p_.list.data();
    return frame;
  }

  void run_rows(std::size_t threads) {
    run_with_helpers(threads - 1, [this] { work(); });
    if (failure_) std::rethrow_exception(failure_);
  }

  struct Worker {
    double *chunk_sums, *block_sums;
    BlockState frame;
    std::array<std::uint8_t, kMostRows> diverged{};
  };

  void work() {
    try {
      ScratchUse memory(scratch_of_worker, numbers_of_registers() + 2 * std::size_t{p_.sums}, 3);
      Worker w{memory.take(p_.sums),
               memory.take(p_.sums),
               new_frame(memory.take(numbers_of_registers())),
               {}};
      w.frame.diverged = w.diverged.data();
      for (;;) {
        const std::size_t chunk = next_chunk_++;
        if (chunk >= chunks()) return;
        run_chunk(w, chunk);
      }
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!failure_) failure_ = std::current_exception();
      next_chunk_ = chunks();
      turn_ = kStopped;
      turn_.notify_all();
    }
  }

  void run_chunk(Worker& w, std::size_t chunk) {
    const std::size_t end = std::min((chunk + 1) * blocks_of_chunk(), blocks());
    double* const sums = chunk == 0 ? sums_ : w.chunk_sums;
    bool is_first = true;  // sums are still to be begun
    for (std::size_t block = chunk * blocks_of_chunk(); block < end; ++block) {
      const std::size_t row = block * block_;
      const std::size_t count = std::min<std::size_t>(block_, batch_.rows - row);
      if (add_rows(w, row, count, sums, is_first)) continue;
      // Some have diverged: the others alone. Where means are taken over all rows, there is nothing
      // to be saved.
      const auto diverged = w.diverged;
      const std::size_t guard = w.frame.guard;
      for (std::size_t i = 0; i < count; ++i) {
        if (!p_.mixes_rows) add_rows(w, row + i, 1, sums, is_first);
        if (diverged[i] != 0) note_diverged(row + i, p_.mixes_rows ? guard : w.frame.guard);
      }
    }
    if (is_first) std::fill_n(sums, p_.sums, 0.0);
    // Chunks are added up in their order.
    for (std::size_t turn = turn_; turn != chunk; turn = turn_) {
      if (turn == kStopped) return;
      turn_.wait(turn);
    }
    if (chunk != 0) add(sums, sums_);
    turn_ = chunk + 1;
    turn_.notify_all();
  }

  void add(const double* from, double* to) const {
    for (std::size_t i = 0; i < p_.sums; ++i) to[i] += from[i];
  }

  // Runs rows, and adds what they sum up to unless one of them has diverged: then false.
  bool add_rows(Worker& w, std::size_t row, std::size_t count, double* sums, bool& is_first) {
    w.frame.sums = is_first ? sums : w.block_sums;
    run_some(w, row, count);
    if (w.frame.has_diverged) return false;
    if (!is_first) add(w.block_sums, sums);
    is_first = false;
    return true;
  }

  void run_some(Worker& w, std::size_t row, std::size_t count) {
    BlockState& frame = w.frame;
    frame.kept = kept_ + row * p_.kept;
    frame.inputs = from_row(batch_.inputs, row);
    for (std::size_t i = 0; i < frame.outputs.size(); ++i)
      frame.outputs[i] = from_row(batch_.outputs[i], row);
    frame.rows = count;
    frame.lanes = (count + kernels_.lanes - 1) / kernels_.lanes * kernels_.lanes;
    frame.is_nan = p_.hides_nan;
    if (!p_.hides_nan) run_steps(kernels_.fast, w);
    if (frame.is_nan) run_steps(kernels_.nan_safe, w);
  }

  void run_steps(const std::array<Kernels::Run, kKernelCount>& kernels, Worker& w) const {
    if (w.frame.has_diverged) w.diverged.fill(0);
    w.frame.has_diverged = false;
    for (const Step& step : p_.phases[phase_].rows) kernels[step.kernel](step, w.frame);
  }

  static Columns from_row(const Columns& columns, std::size_t row) {
    return {columns.data + row * columns.row_stride, columns.row_stride, columns.column_stride};
  }

  void note_diverged(std::size_t row, std::size_t guard) {
    const std::lock_guard lock(mutex_);
    if (diverged_.rows++ == 0 || row < diverged_.first_row) {
      diverged_.first_row = row;
      diverged_.first_guard = guard;
    }
    if (!batch_.diverged.empty()) batch_.diverged[row] = 1;
    for (const Step& step : p_.phases[phase_].rows) {
      if (step.kernel == kStore || step.kernel == kStoreNegated)
        *batch_.outputs[step.b].at(row, step.out) = std::numeric_limits<double>::quiet_NaN();
    }
  }

  void write_totals() {
    const auto rows = static_cast<double>(batch_.rows - diverged_.rows);
    for (const Program::Totals& t : p_.totals) {
      if (t.phase != phase_) continue;
      double* const to = batch_.totals[t.group] + t.index;
      const double* const from = (t.are_uniform ? uniforms_ : sums_) + t.from;
      const double scale = t.are_uniform == batch_.mean ? 1 : batch_.mean ? rows : 1 / rows;
      int exponent;
      if (std::frexp(scale, &exponent) == 0.5) {  // a power of 2: to multiply is as exact
        const double factor = t.factor / scale;
        write(to, t, [=](std::size_t i) { return factor * from[i]; });
      } else {
        write(to, t, [=, factor = t.factor](std::size_t i) { return factor * from[i] / scale; });
      }
    }
  }

  template <class Total>
  static void write(double* to, const Program::Totals& t, const Total& total) {
    if (t.is_more) {
      for (std::size_t i = 0; i < t.count; ++i) to[i] += total(i);
    } else {
      for (std::size_t i = 0; i < t.count; ++i) to[i] = total(i);
    }
  }

  static constexpr std::size_t kStopped = std::numeric_limits<std::size_t>::max();

  const Program& p_;
  const Kernels& kernels_;
  const Batch& batch_;
  const std::size_t block_;  // rows; the program's, or fewer if there are fewer
  ScratchUse memory_;
  double *uniforms_, *kept_, *sums_, *pinned_;
  std::size_t phase_ = 0;
  std::atomic<std::size_t> next_chunk_ = 0, turn_ = 0;
  std::mutex mutex_;
  Diverged diverged_;
  std::exception_ptr failure_;
};

}  // namespace

Diverged run(const Program& program, const Kernels& kernels, const Batch& batch,
             std::size_t threads) {
  return Run(program, kernels, batch).run(threads);
}

}  // namespace autograd::detail
