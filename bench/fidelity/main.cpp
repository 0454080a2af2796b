// fidelity: the same two programs over the same link, once between the TCP of this machine's
// kernel, once between simulated ones; how far are the numbers apart?

#include <fmt/format.h>

#include <exception>
#include <string_view>
#include <thread>
#include <vector>

#include "measures.hpp"
#include "namespace.hpp"

namespace piccolo::fidelity {
namespace {

// The repetitions over the kernel; they may run side by side where they mostly wait.
void measure_kernel(const Measure& measure, Samples& samples) {
  std::vector<std::exception_ptr> failures(measure.repetitions);
  const auto repeat = [&](unsigned repetition) {
    try {
      const Roles roles = measure.roles(samples, repetition);
      netns::run_in_namespaces(measure.setup, roles.at_a, roles.at_b, repetition);
    } catch (...) {
      failures[repetition] = std::current_exception();
    }
  };
  std::vector<std::jthread> threads;
  for (unsigned repetition = 0; repetition < measure.repetitions; ++repetition) {
    threads.emplace_back(repeat, repetition);
    if (!measure.mostly_waits) threads.clear();  // joins
  }
  threads.clear();
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
}

// Cheap, and by the luck of few losses far from its own median: so more often than the kernel.
void measure_simulator(const Measure& measure, Samples& samples) {
  const bool luck = measure.setup.link.loss_ppm > 0;
  const unsigned repetitions = luck ? 10 * measure.repetitions : measure.repetitions;
  for (unsigned repetition = 0; repetition < repetitions; ++repetition) {
    const Roles roles = measure.roles(samples, repetition);
    netns::run_in_simulator(measure.setup, roles.at_a, roles.at_b, repetition);
  }
}

void print(const Measure& measure, const Samples& kernel, const Samples& simulator) {
  const double real = kernel.quantile(0.5);
  const double simulated = simulator.quantile(0.5);
  const double ratio = simulated / real;
  const bool near = ratio >= 0.9 && ratio <= 1.1;
  fmt::print("| {} | {:.3f} ({:.3f} to {:.3f}) | {:.3f} ({:.3f} to {:.3f}) | {} | {:.3f}{} |\n",
             measure.name, real, kernel.quantile(0.1), kernel.quantile(0.9), simulated,
             simulator.quantile(0.1), simulator.quantile(0.9), measure.unit, ratio,
             near ? "" : " !");
  std::fflush(stdout);
}

// `only`: the measures whose names contain it.
void run(std::string_view only) {
  fmt::print(
      "Medians (10 % to 90 %); ratio: simulator over kernel, ! when off by more than 10 %.\n\n"
      "| what | kernel | simulator | unit | ratio |\n| --- | --- | --- | --- | --- |\n");
  for (const Measure& measure : all_measures()) {
    if (!measure.name.contains(only)) continue;
    Samples kernel;
    Samples simulator;
    try {
      measure_simulator(measure, simulator);
      measure_kernel(measure, kernel);
      print(measure, kernel, simulator);
    } catch (const std::exception& error) {
      fmt::print("| {} | failed: {} |\n", measure.name, error.what());
    }
  }
}

}  // namespace
}  // namespace piccolo::fidelity

int main(int count, char** words) {
  const std::string& why = piccolo::netns::why_unavailable();
  if (!why.empty()) {
    fmt::print("fidelity: skipped: no network namespaces here: {}\n", why);
    return 0;
  }
  piccolo::fidelity::run(count > 1 ? words[1] : "");
  return 0;
}
