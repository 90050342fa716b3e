// SPDX-License-Identifier: MIT
#include <weft/backend/archive_script.ipp>
#include <weft/backend/ask_passphrase.ipp>
#include <weft/backend/interruption.ipp>
#include <weft/backend/local_place.ipp>
#include <weft/backend/local_transfer.ipp>
#include <weft/backend/resident_shell.ipp>
#include <weft/backend/ssh_channel.ipp>
#include <weft/backend/ssh_connection.ipp>
#include <weft/backend/ssh_handles.ipp>
#include <weft/backend/ssh_host_key.ipp>
#include <weft/backend/ssh_login.ipp>
#include <weft/backend/ssh_place.ipp>
#include <weft/backend/ssh_place_connection.ipp>
#include <weft/backend/ssh_session.ipp>
#include <weft/backend/ssh_stream.ipp>
#include <weft/backend/ssh_worker.ipp>
#include <weft/backend/stream_header.ipp>
