// SPDX-License-Identifier: MIT
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
