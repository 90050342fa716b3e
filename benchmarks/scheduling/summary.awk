# SPDX-License-Identifier: MIT
# Reads the benchmark's CSV; prints nanoseconds per task, the minimum of all repetitions, and weft's ratios.
BEGIN {
    FS = ","
    graphs = split("chain fan tree wavefront random diamond independent", graph, " ")
    contenders = split("direct|table|weft|tbb task_group|tbb flow_graph light|tbb flow_graph|openmp depend|taskflow|std::async", contender, "|")
}
$1 == "name" { for (at = 1; at <= NF; ++at) column[$at] = at; gsub(/"/, "") ; for (at = 1; at <= NF; ++at) column[$at] = at; next }
/_min"?,/ {
    gsub(/"/, "")
    name = $1
    sub(/\/real_time_min$/, "", name)
    time[name] = $column["real_time"] / $column["tasks"]
}
function ns(value) { return value == "" ? "-" : sprintf(value < 10 ? "%.2f" : "%.0f", value) }
function row(title, prefix, suffix,    g, found, line, key) {
    line = sprintf("%-22s", title)
    for (g = 1; g <= graphs; ++g) {
        key = prefix graph[g] suffix
        if (key in time) found = 1
        line = line sprintf("%12s", key in time ? ns(time[key]) : "-")
    }
    if (found) print line
}
function head(title,    g) {
    printf "\n%-22s", title
    for (g = 1; g <= graphs; ++g) printf "%12s", graph[g]
    print ""
}
function best_peer(g, body, threads,    c, key, best) {
    best = ""
    for (c = 4; c <= contenders; ++c) {
        key = "run/" graph[g] "/" body "/" threads "/" contender[c]
        if (key in time && (best == "" || time[key] < best)) best = time[key]
    }
    return best
}
function ratios(title, kind, body, threads,    g, mine, other, line) {
    line = sprintf("%-22s", title)
    for (g = 1; g <= graphs; ++g) {
        mine = time["run/" graph[g] "/" body "/" threads "/weft"]
        if (kind == "peer") other = best_peer(g, body, threads)
        if (kind == "table") other = time["run/" graph[g] "/" body "/1/table"]
        if (kind == "one") other = time["run/" graph[g] "/" body "/1/weft"]
        if (kind == "two") other = time["run/" graph[g] "/" body "/2/weft"]
        if (kind == "ideal") other = time["run/" graph[g] "/" body "/1/direct"] * share[graph[g], threads]
        line = line sprintf("%12s", mine == "" || other == "" || mine == 0 ? "-" : sprintf("%.2f", other / mine))
    }
    print line
}
END {
    # The lower bound of the work's share for a number of processors: levels, rounded up.
    for (g = 1; g <= graphs; ++g) { share[graph[g], 1] = 1; share[graph[g], 2] = 0.5 }
    share["chain", 2] = 1
    share["fan", 2] = 502 / 1002
    share["tree", 2] = 512 / 1023
    share["wavefront", 2] = 528 / 1024
    share["random", 2] = 502 / 1000
    share["diamond", 2] = 3 / 4
    for (b = 1; b <= 2; ++b) {
        body = b == 1 ? "empty" : "1us"
        for (threads = 1; threads <= 4; threads *= 2) {
            head(body ", " threads (threads == 1 ? " thread" : " threads"))
            for (c = 1; c <= contenders; ++c) row(contender[c], "run/", "/" body "/" threads "/" contender[c])
            ratios("best peer / weft", "peer", body, threads)
            if (threads == 1) ratios("table / weft", "table", body, threads)
            if (threads == 2) ratios("weft 1 / weft 2", "one", body, threads)
            if (threads == 4) ratios("weft 2 / weft 4", "two", body, threads)
            if (body == "1us" && threads < 4) ratios("ideal / weft", "ideal", body, threads)
        }
    }
    values = split("8 doubles|vector of 1000", value, "|")
    printf "\n%-22s", "values, ns a task"
    for (v = 1; v <= values; ++v) printf "%20s%20s", value[v] ", 1", value[v] ", 2"
    print ""
    for (c = 3; c <= 6; ++c) {
        if (c == 4) continue
        line = sprintf("%-22s", contender[c])
        for (v = 1; v <= values; ++v)
            for (threads = 1; threads <= 2; ++threads) {
                mine = time["typed/" value[v] "/" threads "/weft"]
                other = time["typed/" value[v] "/" threads "/" contender[c]]
                line = line sprintf("%20s", other == "" ? "-" : ns(other) (c > 3 && mine > 0 ? sprintf(" (%.1fx)", other / mine) : ""))
            }
        print line
    }
    head("build and end")
    for (c = 3; c <= contenders; ++c) row(contender[c], "build/", "/" contender[c])
}
