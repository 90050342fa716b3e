// SPDX-License-Identifier: MIT
// The implementation of all headers, for header-only use; `weft::compiled` builds the same files once, from
// src/.
#pragma once

// A function-local type in a coroutine's frame has no linkage. GCC warns about such types in included files;
// here only one file includes it.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsubobject-linkage"
#endif

#include <weft/cli/arguments.ipp>
#include <weft/cli/bindings.ipp>
#include <weft/cli/command_line.ipp>
#include <weft/cli/end_runs.ipp>
#include <weft/cli/help.ipp>
#include <weft/cli/hosts_file.ipp>
#include <weft/cli/main.ipp>
#include <weft/cli/past_runs.ipp>
#include <weft/cli/past_tasks.ipp>
#include <weft/cli/ssh_command.ipp>
#include <weft/cli/toml_guard.ipp>
#include <weft/engine/command.ipp>
#include <weft/engine/machine_name.ipp>
#include <weft/engine/match_files.ipp>
#include <weft/engine/named_streams.ipp>
#include <weft/engine/results.ipp>
#include <weft/engine/scheduler.ipp>
#include <weft/engine/secrets.ipp>
#include <weft/engine/staging.ipp>
#include <weft/engine/urgency.ipp>
#include <weft/engine/workflow_run.ipp>
#include <weft/engine/workflow_run_end.ipp>
#include <weft/engine/workflow_run_outputs.ipp>
#include <weft/engine/workflow_run_places.ipp>
#include <weft/engine/workflow_run_record.ipp>
#include <weft/engine/workflow_run_resume.ipp>
#include <weft/engine/workflow_run_reuse.ipp>
#include <weft/engine/workflow_run_task.ipp>
#include <weft/function/function_calls.ipp>
#include <weft/functions_impl.hpp>
#include <weft/journal/fingerprint.ipp>
#include <weft/journal/history.ipp>
#include <weft/journal/journal_file.ipp>
#include <weft/journal/lines.ipp>
#include <weft/journal/path_digest.ipp>
#include <weft/journal/run_record.ipp>
#include <weft/journal/spelling.ipp>
#include <weft/journal/state.ipp>
#include <weft/launch/bindings_now.ipp>
#include <weft/launch/past_places.ipp>
#include <weft/launch/run_plan.ipp>
#include <weft/local/machine.ipp>
#include <weft/local/machine_files.ipp>
#include <weft/local/stream_readers.ipp>
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
#include <weft/remote/connection.ipp>
#include <weft/remote/connection_worker.ipp>
#include <weft/remote/connection_worker_streams.ipp>
#include <weft/remote/file_stream.ipp>
#include <weft/remote/host.ipp>
#include <weft/remote/host_connection.ipp>
#include <weft/remote/host_files.ipp>
#include <weft/remote/host_questions.ipp>
#include <weft/remote/resident_shell.ipp>
#include <weft/remote/shell_activity.ipp>
#include <weft/remote/silence_check.ipp>
#include <weft/remote/stream_shell.ipp>
#include <weft/show/graph_text.ipp>
#include <weft/show/log.ipp>
#include <weft/show/plan_text.ipp>
#include <weft/show/printable.ipp>
#include <weft/ssh/agent.ipp>
#include <weft/ssh/ask_passphrase.ipp>
#include <weft/ssh/channel.ipp>
#include <weft/ssh/configuration.ipp>
#include <weft/ssh/handles.ipp>
#include <weft/ssh/host_key.ipp>
#include <weft/ssh/interruption.ipp>
#include <weft/ssh/known_hosts.ipp>
#include <weft/ssh/login.ipp>
#include <weft/ssh/program_output.ipp>
#include <weft/ssh/session.ipp>
#include <weft/ssh/silent_terminal.ipp>
#include <weft/ssh/tcp_connect.ipp>
#include <weft/transfer/archive_script.ipp>
#include <weft/transfer/archive_stager.ipp>
#include <weft/transfer/local_archive.ipp>
#include <weft/transfer/local_transfer.ipp>
#include <weft/transfer/stream_header.ipp>

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
