// SPDX-License-Identifier: MIT
// The code behind the headers, for header-only use; `weft::compiled` builds the same files once, from src/.
#pragma once

// A function-local type in a coroutine's frame has no linkage; GCC warns of that in what a file includes, and here
// one file includes it.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsubobject-linkage"
#endif

#include <weft/backend/archive_script.ipp>
#include <weft/backend/ask_passphrase.ipp>
#include <weft/backend/interruption.ipp>
#include <weft/backend/known_hosts.ipp>
#include <weft/backend/local_archive.ipp>
#include <weft/backend/local_place.ipp>
#include <weft/backend/local_place_files.ipp>
#include <weft/backend/local_transfer.ipp>
#include <weft/backend/named_streams.ipp>
#include <weft/backend/program_output.ipp>
#include <weft/backend/resident_shell.ipp>
#include <weft/backend/silent_terminal.ipp>
#include <weft/backend/ssh_activity.ipp>
#include <weft/backend/ssh_agent.ipp>
#include <weft/backend/ssh_channel.ipp>
#include <weft/backend/ssh_configuration.ipp>
#include <weft/backend/ssh_connection.ipp>
#include <weft/backend/ssh_handles.ipp>
#include <weft/backend/ssh_host_key.ipp>
#include <weft/backend/ssh_liveness.ipp>
#include <weft/backend/ssh_login.ipp>
#include <weft/backend/ssh_place.ipp>
#include <weft/backend/ssh_place_connection.ipp>
#include <weft/backend/ssh_place_files.ipp>
#include <weft/backend/ssh_place_questions.ipp>
#include <weft/backend/ssh_session.ipp>
#include <weft/backend/ssh_stream.ipp>
#include <weft/backend/ssh_worker.ipp>
#include <weft/backend/ssh_worker_streams.ipp>
#include <weft/backend/stream_header.ipp>
#include <weft/backend/tcp_connect.ipp>
#include <weft/backend/transfer.ipp>
#include <weft/cli/arguments.ipp>
#include <weft/cli/bindings.ipp>
#include <weft/cli/command_line.ipp>
#include <weft/cli/end_runs.ipp>
#include <weft/cli/help.ipp>
#include <weft/cli/hosts_file.ipp>
#include <weft/cli/main.ipp>
#include <weft/cli/past_places.ipp>
#include <weft/cli/past_runs.ipp>
#include <weft/cli/past_tasks.ipp>
#include <weft/cli/ssh_command.ipp>
#include <weft/cli/toml_guard.ipp>
#include <weft/function/function_calls.ipp>
#include <weft/graph_impl.hpp>
#include <weft/journal/fingerprint.ipp>
#include <weft/journal/history.ipp>
#include <weft/journal/journal_file.ipp>
#include <weft/journal/lines.ipp>
#include <weft/journal/path_digest.ipp>
#include <weft/journal/run_record.ipp>
#include <weft/journal/spelling.ipp>
#include <weft/journal/state.ipp>
#include <weft/launch.ipp>
#include <weft/os/helper_threads.ipp>
#include <weft/os/hmac_sha1.ipp>
#include <weft/os/inherited_state.ipp>
#include <weft/os/link_tree.ipp>
#include <weft/os/machine_memory.ipp>
#include <weft/os/memory_pipe.ipp>
#include <weft/os/process.ipp>
#include <weft/os/process_table.ipp>
#include <weft/os/program_digest.ipp>
#include <weft/os/reactor.ipp>
#include <weft/os/replace_files.ipp>
#include <weft/os/scratch_files.ipp>
#include <weft/os/scratch_seal.ipp>
#include <weft/os/sha256.ipp>
#include <weft/run/command.ipp>
#include <weft/run/executor.ipp>
#include <weft/run/executor_end.ipp>
#include <weft/run/executor_outputs.ipp>
#include <weft/run/executor_places.ipp>
#include <weft/run/executor_record.ipp>
#include <weft/run/executor_resume.ipp>
#include <weft/run/executor_reuse.ipp>
#include <weft/run/executor_task.ipp>
#include <weft/run/machine_name.ipp>
#include <weft/run/match_files.ipp>
#include <weft/run/results.ipp>
#include <weft/run/scheduler.ipp>
#include <weft/run/secrets.ipp>
#include <weft/run/staging.ipp>
#include <weft/run/urgency.ipp>
#include <weft/show/graph_text.ipp>
#include <weft/show/log.ipp>
#include <weft/show/plan_text.ipp>
#include <weft/show/printable.ipp>
#include <weft/stage/archive_stager.ipp>

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
