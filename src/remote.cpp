// SPDX-License-Identifier: MIT
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
