#pragma once

// The options that write a run down for other programs, and the run that is written down.

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "single_run.hpp"

namespace piccolo::sim {

// Names of files; `-` is standard output.
struct ExportFlags {
  std::optional<std::string> pcapng;
  std::optional<std::string> perfetto;
  std::optional<std::string> jsonl;
  std::optional<std::string> mermaid;
};

void add_export_flags(CLI::App& command, ExportFlags& flags);
bool wants_export(const ExportFlags& flags) noexcept;

// As `run_single`, but the run is recorded, once, for all of the files. Of a run that goes to
// standard output no story is told. Throws UsageError when a file cannot be written.
int run_exported(const std::string& called, const SingleRunFlags& flags, const ExportFlags& exports,
                 std::span<const WorldDescription> worlds, std::uint64_t seed);

}  // namespace piccolo::sim
