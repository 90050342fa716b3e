// SPDX-License-Identifier: MIT
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
#include <weft/run/parameters.ipp>
#include <weft/run/report.ipp>
#include <weft/run/results.ipp>
#include <weft/run/scheduler.ipp>
#include <weft/run/secrets.ipp>
#include <weft/run/staging.ipp>
#include <weft/run/urgency.ipp>
