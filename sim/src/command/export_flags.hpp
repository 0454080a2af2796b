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

bool writes_to_output(const ExportFlags& flags) noexcept;

// Records the run, once, for all of the files. Throws UsageError when one cannot be written.
void export_run(const SingleRunFlags& flags, const ExportFlags& exports,
                std::span<const WorldDescription> worlds, std::uint64_t seed);

}  // namespace piccolo::sim
