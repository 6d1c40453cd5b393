#include "autograd/replay/executor.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <limits>
#include <mutex>

#include <autograd/replay/scratch.hpp>
#include <autograd/system/thread_pool.hpp>

namespace autograd::detail {
namespace {

constexpr std::size_t kChunk = 64;  // rows, but at least a block
// Steps of Program::cost that pay for another thread: one that sleeps begins to work after about
// 50 us.
constexpr std::size_t kWorthAThread = 200'000;

thread_local Scratch scratch_of_run, scratch_of_worker;

class Run {
 public:
  Run(const Program& program, const Kernels& kernels, const Batch& batch)
      : p_(program),
        kernels_(kernels),
        batch_(batch),
        block_(std::min<std::size_t>(program.block, (batch.rows + kLanes - 1) / kLanes * kLanes)),
        blocks_(batch.rows <= block_ ? 1 : (batch.rows + block_ - 1) / block_),
        blocks_of_chunk_(block_ >= kChunk ? 1 : kChunk / block_),
        chunks_(blocks_of_chunk_ == 1 ? blocks_
                                      : (blocks_ + blocks_of_chunk_ - 1) / blocks_of_chunk_),
        memory_(scratch_of_run,
                program.uniform_room + program.carried * blocks_ * block_ + program.sums +
                    most_preloaded(program) * kLanes,
                4),
        uniforms_(memory_.take(program.uniform_room)),
        carried_(memory_.take(program.carried * blocks_ * block_)),
        sums_(memory_.take(program.sums)),
        preloaded_(memory_.take(most_preloaded(program) * kLanes)) {
    // Sums of other phases are added up with the rest.
    std::fill_n(sums_, program.sums, 0.0);
    std::ranges::copy(batch.parameters, uniforms_);
    std::ranges::copy(program.numbers, uniforms_ + program.parameters);
  }

  Diverged run(std::size_t threads) {
    if (threads > 1) threads = std::min({threads, chunks_, threads_worth()});
    is_alone_ = threads <= 1;
    for (phase_ = 0; phase_ < p_.phases.size(); ++phase_) {
      p_.phases[phase_].prologue.run(uniforms_);
      preload();
      if (!p_.phases[phase_].body.empty()) run_rows(threads);
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
  std::size_t threads_worth() const { return 1 + p_.cost * batch_.rows / kWorthAThread; }

  void preload() {
    double* to = preloaded_;
    for (const std::uint32_t uniform : p_.phases[phase_].preloaded)
      to = std::fill_n(to, kLanes, uniforms_[uniform]);
  }
  static std::size_t most_preloaded(const Program& program) {
    std::size_t most = 0;
    for (const Program::Phase& phase : program.phases)
      most = std::max(most, phase.preloaded.size());
    return most;
  }

  // With room for operands behind the registers.
  std::size_t numbers_of_registers() const {
    return std::size_t{p_.registers} * block_ + p_.most_operands * kLanes;
  }

  BlockState new_state(double* registers) const {
    BlockState state{};
    state.registers = registers;
    state.operands = registers + std::size_t{p_.registers} * block_;
    state.block = block_;
    state.uniforms = uniforms_;
    state.preloaded = preloaded_;
    state.list = p_.list.data();
    return state;
  }

  void run_rows(std::size_t threads) {
    if (is_alone_) {
      WorkerUse use(*this);
      for (std::size_t chunk = 0; chunk < chunks_; ++chunk) run_chunk(use.worker, chunk);
      return;
    }
    next_chunk_ = 0;
    turn_ = 0;
    run_with_helpers(threads - 1, [this] { work(); });
    if (failure_) std::rethrow_exception(failure_);
  }

  struct Worker {
    double *chunk_sums, *block_sums;
    BlockState state;
    std::array<std::uint8_t, kMostRows> diverged{};
  };
  // With its memory.
  struct WorkerUse {
    explicit WorkerUse(const Run& run)
        : memory(scratch_of_worker, run.numbers_of_registers() + 2 * std::size_t{run.p_.sums}, 3),
          worker{memory.take(run.p_.sums),
                 memory.take(run.p_.sums),
                 run.new_state(memory.take(run.numbers_of_registers())),
                 {}} {
      worker.state.diverged = worker.diverged.data();
    }
    ScratchUse memory;
    Worker worker;
  };

  void work() {
    try {
      WorkerUse use(*this);
      for (;;) {
        const std::size_t chunk = next_chunk_++;
        if (chunk >= chunks_) return;
        run_chunk(use.worker, chunk);
      }
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!failure_) failure_ = std::current_exception();
      next_chunk_ = chunks_;
      turn_ = kStopped;
      turn_.notify_all();
    }
  }

  void run_chunk(Worker& w, std::size_t chunk) {
    const std::size_t end = std::min((chunk + 1) * blocks_of_chunk_, blocks_);
    double* const sums = chunk == 0 ? sums_ : w.chunk_sums;
    bool is_first = true;  // sums are still to be begun
    for (std::size_t block = chunk * blocks_of_chunk_; block < end; ++block) {
      const std::size_t row = block * block_;
      const std::size_t count = std::min<std::size_t>(block_, batch_.rows - row);
      if (add_rows(w, row, count, sums, is_first)) continue;
      // Some rows have diverged: the others are run one by one. Where means are taken over all rows,
      // the whole run is an error.
      const auto diverged = w.diverged;
      const std::size_t guard = w.state.guard;
      for (std::size_t i = 0; i < count; ++i) {
        if (!p_.mixes_rows) add_rows(w, row + i, 1, sums, is_first);
        if (diverged[i] != 0) note_diverged(row + i, p_.mixes_rows ? guard : w.state.guard);
      }
    }
    if (is_first) std::fill_n(sums, p_.sums, 0.0);
    // Chunks are added up in their order.
    if (is_alone_) {
      if (chunk != 0) add(sums, sums_);
      return;
    }
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

  // Runs rows and adds their sums, unless one of the rows has diverged: then false.
  bool add_rows(Worker& w, std::size_t row, std::size_t count, double* sums, bool& is_first) {
    w.state.sums = is_first ? sums : w.block_sums;
    run_some(w, row, count);
    if (w.state.has_diverged) return false;
    if (!is_first) add(w.block_sums, sums);
    is_first = false;
    return true;
  }

  void run_some(Worker& w, std::size_t row, std::size_t count) {
    BlockState& state = w.state;
    state.carried = carried_ + row * p_.carried;
    state.inputs = from_row(batch_.inputs, row);
    for (std::size_t i = 0; i < state.outputs.size(); ++i)
      state.outputs[i] = from_row(batch_.outputs[i], row);
    state.rows = count;
    state.lanes = (count + kernels_.lanes - 1) / kernels_.lanes * kernels_.lanes;
    state.is_nan = p_.hides_nan;
    if (!p_.hides_nan) run_body(kernels_.fast, w);
    if (state.is_nan) run_body(kernels_.nan_safe, w);
  }

  void run_body(const std::array<Kernels::Run, kKernelCount>& kernels, Worker& w) const {
    if (w.state.has_diverged) w.diverged.fill(0);
    w.state.has_diverged = false;
    for (const Instruction& each : p_.phases[phase_].body) kernels[each.kernel](each, w.state);
  }

  static Columns from_row(const Columns& columns, std::size_t row) {
    if (columns.data == nullptr) return columns;
    return {columns.data + row * columns.row_stride, columns.row_stride, columns.column_stride};
  }

  void note_diverged(std::size_t row, std::size_t guard) {
    const std::lock_guard lock(mutex_);
    if (diverged_.rows++ == 0 || row < diverged_.first_row) {
      diverged_.first_row = row;
      diverged_.first_guard = guard;
    }
    if (!batch_.diverged.empty()) batch_.diverged[row] = 1;
    for (const Instruction& each : p_.phases[phase_].body) {
      if (each.kernel == kStore || each.kernel == kStoreNegated)
        *batch_.outputs[each.out.is(Argument::kOutput) ? 0 : 1].at(row, each.out.index()) =
            std::numeric_limits<double>::quiet_NaN();
    }
  }

  void write_totals() {
    const auto rows = static_cast<double>(batch_.rows - diverged_.rows);
    for (const Program::Totals& t : p_.totals) {
      if (t.phase != phase_) continue;
      double* const to = batch_.totals[static_cast<std::size_t>(t.results)] + t.index;
      const double* const from = (t.are_uniform ? uniforms_ : sums_) + t.from;
      if (rows == 0) {  // a mean of nothing is NaN, a sum of nothing 0
        write(to, t, [&](std::size_t) { return batch_.mean ? 0 / rows : 0; });
        continue;
      }
      const double scale = t.are_uniform == batch_.mean ? 1 : batch_.mean ? rows : 1 / rows;
      if (scale == 1) {
        write(to, t, [=, factor = t.factor](std::size_t i) { return factor * from[i]; });
        continue;
      }
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
    if (t.is_added) {
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
  const std::size_t blocks_, blocks_of_chunk_, chunks_;
  ScratchUse memory_;
  double *uniforms_, *carried_, *sums_, *preloaded_;
  std::size_t phase_ = 0;
  bool is_alone_ = true;  // one thread
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
