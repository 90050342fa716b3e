// SPDX-License-Identifier: MIT
// A pipeline of values with types: weft's slots beside the messages of TBB's flow graph.
//
//     source -> 8 stages -> join -> 4 stages -> sink
//            -> 8 stages ->
#include "measure.hpp"

#include <weft/functions.hpp>

#include <tbb/flow_graph.h>
#include <tbb/global_control.h>
#include <tbb/task_arena.h>

#include <array>
#include <memory>
#include <tuple>
#include <vector>

namespace {

using weft::from;
using weft::task;
using weft::workflow;

/// Eight numbers that are copied.
struct small {
    static constexpr const char* name = "8 doubles";
    std::array<double, 8> numbers{};
};
/// A thousand numbers that a stage changes in place and passes on. Messages of TBB are copied.
struct large {
    static constexpr const char* name = "vector of 1000";
    std::vector<double> numbers = std::vector<double>(1000);
};

template <class Value>
Value source() {
    Value made;
    made.numbers[0] = 1;
    return made;
}
/// A stage does almost nothing: the benchmark measures how a value reaches it.
template <class Value>
Value stage(Value value) {
    value.numbers[0] += 1;
    return value;
}
template <class Value>
Value join(Value left, const Value& right) {
    left.numbers[0] += right.numbers[0];
    return left;
}
template <class Value>
double sink(const Value& value) {
    return value.numbers[0];
}
constexpr double expected = 9 + 9 + 4;
constexpr int tasks = 23;

// clang-format off
template <class Value>
const auto pipeline = workflow<"pipeline">(
    task<"source">([] { return source<Value>(); }),
#define WEFT_STAGE(name, before) task<name>([](Value v) { return stage(std::move(v)); }, from<before>)
    WEFT_STAGE("a1", "source"), WEFT_STAGE("a2", "a1"), WEFT_STAGE("a3", "a2"), WEFT_STAGE("a4", "a3"),
    WEFT_STAGE("a5", "a4"), WEFT_STAGE("a6", "a5"), WEFT_STAGE("a7", "a6"), WEFT_STAGE("a8", "a7"),
    WEFT_STAGE("b1", "source"), WEFT_STAGE("b2", "b1"), WEFT_STAGE("b3", "b2"), WEFT_STAGE("b4", "b3"),
    WEFT_STAGE("b5", "b4"), WEFT_STAGE("b6", "b5"), WEFT_STAGE("b7", "b6"), WEFT_STAGE("b8", "b7"),
    task<"join">([](Value l, const Value& r) { return join(std::move(l), r); }, from<"a8">, from<"b8">),
    WEFT_STAGE("c1", "join"), WEFT_STAGE("c2", "c1"), WEFT_STAGE("c3", "c2"), WEFT_STAGE("c4", "c3"),
    task<"sink">([](const Value& v) { return sink(v); }, from<"c4">));
#undef WEFT_STAGE
// clang-format on

template <class Value>
class weft_values {
public:
    static constexpr const char* name = "weft";
    explicit weft_values(unsigned threads) : pool_(threads), flow_(pipeline<Value>, pool_) {}
    double run() {
        flow_.run();
        return flow_.template value<"sink">();
    }

private:
    weft::workers pool_;
    weft::executor<std::remove_const_t<decltype(pipeline<Value>)>> flow_;
};

template <class Value, class Policy>
class tbb_messages {
public:
    explicit tbb_messages(unsigned threads)
        : limit_(tbb::global_control::max_allowed_parallelism, threads), arena_(static_cast<int>(threads)) {
        arena_.execute([&] { build(); });
    }
    double run() {
        arena_.execute([&] {
            source_->try_put(0);
            graph_->wait_for_all();
        });
        return result_;
    }

private:
    using stage_node = tbb::flow::function_node<Value, Value, Policy>;
    using pair = std::tuple<Value, Value>;

    void build() {
        using namespace tbb::flow;
        graph_ = std::make_unique<tbb::flow::graph>();
        source_ = std::make_unique<function_node<int, Value, Policy>>(*graph_, serial,
                                                                      [](int) { return source<Value>(); });
        joined_ = std::make_unique<join_node<pair, queueing>>(*graph_);
        both_ = std::make_unique<function_node<pair, Value, Policy>>(
            *graph_, serial, [](const pair& two) { return join(std::get<0>(two), std::get<1>(two)); });
        sink_ = std::make_unique<function_node<Value, continue_msg, Policy>>(*graph_, serial,
                                                                             [this](const Value& value) {
                                                                                 result_ = sink(value);
                                                                                 return continue_msg();
                                                                             });
        make_edge(chain(*source_, 8), input_port<0>(*joined_));
        make_edge(chain(*source_, 8), input_port<1>(*joined_));
        make_edge(*joined_, *both_);
        make_edge(chain(*both_, 4), *sink_);
    }
    tbb::flow::sender<Value>& chain(tbb::flow::sender<Value>& start, int length) {
        tbb::flow::sender<Value>* last = &start;
        for (int at = 0; at < length; ++at) {
            stages_.push_back(std::make_unique<stage_node>(*graph_, tbb::flow::serial,
                                                           [](const Value& value) { return stage(value); }));
            tbb::flow::make_edge(*last, *stages_.back());
            last = stages_.back().get();
        }
        return *last;
    }

    tbb::global_control limit_;
    tbb::task_arena arena_;
    double result_ = 0;
    std::unique_ptr<tbb::flow::graph> graph_;
    std::unique_ptr<tbb::flow::function_node<int, Value, Policy>> source_;
    std::unique_ptr<tbb::flow::join_node<pair, tbb::flow::queueing>> joined_;
    std::unique_ptr<tbb::flow::function_node<pair, Value, Policy>> both_;
    std::unique_ptr<tbb::flow::function_node<Value, tbb::flow::continue_msg, Policy>> sink_;
    std::vector<std::unique_ptr<stage_node>> stages_;
};

template <class Value>
struct tbb_plain : tbb_messages<Value, tbb::flow::queueing> {
    static constexpr const char* name = "tbb flow_graph";
    using tbb_messages<Value, tbb::flow::queueing>::tbb_messages;
};
template <class Value>
struct tbb_light : tbb_messages<Value, tbb::flow::queueing_lightweight> {
    static constexpr const char* name = "tbb flow_graph light";
    using tbb_messages<Value, tbb::flow::queueing_lightweight>::tbb_messages;
};

/// `typed/<value>/<threads>/<contender>`: the time of one run.
template <template <class> class Contender, class Value>
void add_values(unsigned threads) {
    const std::string name =
        std::string("typed/") + Value::name + "/" + std::to_string(threads) + "/" + Contender<Value>::name;
    measure::add(name, [threads](benchmark::State& state) {
        Contender<Value> contender(threads);
        for (auto _ : state)
            if (contender.run() != expected) state.SkipWithError("the value is wrong");
        state.counters["tasks"] = tasks;
    });
}

template <class Value>
void add_value() {
    for (const unsigned threads : {1U, 2U}) {
        add_values<weft_values, Value>(threads);
        add_values<tbb_light, Value>(threads);
        add_values<tbb_plain, Value>(threads);
    }
}

const bool added = [] {
    add_value<small>();
    add_value<large>();
    return true;
}();

}  // namespace
