// Waiting for a server by asking it.

#include "server/ready.h"

#include <algorithm>
#include <optional>
#include <set>
#include <thread>

#include "error/error.h"
#include "host/log.h"
#include "process/cancellation.h"
#include "server/container.h"
#include "server/identity.h"
#include "server/startup_failure.h"
#include "service/record.h"
#include "service/variables.h"

namespace server {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds shortest{10};
constexpr milliseconds longest{250};
// A pause is this part of the time waited so far: nobody loses more than that by it.
constexpr int part = 50;
// How long what the engine said of the container is believed: asking takes it from the server. Of a
// host where that takes long, because sixty wait at once after a reboot, it must not take all.
constexpr milliseconds look_again{1000};
constexpr milliseconds latest_look{10000};
constexpr int look_part = 10;
constexpr std::size_t most_starts = 4;

/// One wait for one server.
class Wait {
public:
    Wait(const service::Service& service, std::chrono::seconds patience, Waiting how)
        : service_(service),
          any_database_(how.any_database),
          is_removed_on_failure_(how.is_removed_on_failure),
          begin_(Clock::now()),
          end_(begin_ + patience) {
        login_.password = service::password(service);
        login_.database = service::database_of(service);
        login_.timeout = std::chrono::seconds(5);
        identify(known_identity(service));
        if (how.seen) take(std::move(how.seen));
    }

    engine::Container wait() {
        while (true) {
            process::check_cancelled();
            if (!container_ || Clock::now() - seen_ >= believed()) look();
            if (container_->running() && is_ready()) return *container_;
            const auto now = Clock::now();
            if (now >= end_) give_up();
            const auto pause =
                std::clamp<Clock::duration>((now - begin_) / part, shortest, longest);
            std::this_thread::sleep_for(std::min(pause, end_ - now));
        }
    }

private:
    // One that does not run yet can do no more than begin to.
    Clock::duration believed() const {
        const auto pause =
            std::clamp<Clock::duration>(look_took_ * look_part, look_again, latest_look);
        return container_->running() ? pause : pause / 4;
    }

    void look() {
        const auto asked = Clock::now();
        take(container_of(service_));
        look_took_ = seen_ - asked;
    }

    void take(std::optional<engine::Container> seen) {
        container_ = std::move(seen);
        seen_ = Clock::now();
        if (!container_)
            throw Error{"the container of service '" + service_.name + "' is not there"};
        starts_.insert(container_->started_at);
        if (container_->status == "exited" || container_->status == "dead") fail("ended");
        if (starts_.size() >= most_starts) fail("keeps restarting");
        if (starts_.size() > 1 || container_->status == "restarting") check_second_failure();
    }

    // The same reason twice will be there a third time.
    void check_second_failure() const {
        const auto failure = startup_failure(last_lines());
        if (failure.times > 1) throw failed(failure);
    }

    bool is_ready() {
        try {
            login_.host = address_of(*container_);
        } catch (const Error& problem) {  // on its way up or down
            reason_ = problem.what();
            return false;
        }
        if (login_.tls == pg::Tls::if_offered) ask_once();
        auto answer = pg::try_login(login_, &reason_);
        if (answer == pg::Answer::not_identified && ask_once())
            answer = pg::try_login(login_, &reason_);
        if (answer == pg::Answer::refused_login && is_believed())
            throw refused(way_out_of_new_password());
        // a create of the official plugin that could not make it calls itself done all the same
        if (answer == pg::Answer::no_database && is_believed()) {
            const auto way_out = "Make it: dokku postgres:enter " + service_.name +
                                 " createdb --username=postgres " + login_.database;
            if (!any_database_) throw refused(way_out);
            host::warn("Postgres service " + service_.name + " has no database '" +
                       login_.database + "'");
            host::warn(way_out);
            return true;
        }
        return answer == pg::Answer::ready;
    }

    void identify(const Identity& identity) {
        login_.tls = identity.tls;
        login_.certificate = identity.certificate;
    }

    // Adopted services have their certificate in their data, and any may get another one.
    bool ask_once() {
        if (asked_) return false;
        const auto identity = ask_identity(service_, *container_);
        asked_ = identity.has_value();
        if (identity) identify(*identity);
        return asked_;
    }

    Error refused(const std::string& way_out) const {
        return Error{
            "the server of '" + service_.name + "' refuses the service's own login: " + reason_,
            way_out, Exit::degraded};
    }

    // The socket in the container asks for no password, so that way is open to who is not root.
    std::string way_out_of_new_password() const {
        return "Was the password changed in the database? As root, put it into " +
               service_.file("PASSWORD").string() + ".\n" +
               "Or set the old one again: 'dokku postgres:info " + service_.name +
               " --dsn' shows it, 'dokku postgres:enter " + service_.name +
               " psql -U postgres' and \\password set it.";
    }

    // A container that ends leaves its address to another at once, whose password is another.
    bool is_believed() {
        const auto before = *container_;
        look();
        const bool same = container_->id == before.id && container_->running() &&
                          container_->started_at == before.started_at &&
                          address_of(*container_) == address_of(before);
        refusals_ = same ? refusals_ + 1 : 0;
        return refusals_ == 2;
    }

    [[noreturn]] void fail(const std::string& how) const {
        const auto lines = last_lines();
        const auto failure = startup_failure(lines);
        if (failure.times > 0) throw failed(failure);
        auto reasons = without_repeats(lines);
        if (!reasons.empty()) reasons.pop_back();  // what follows begins a line of its own
        throw Error{"the container of service '" + service_.name + "' " + how, reasons};
    }

    Error failed(const StartupFailure& failure) const {
        return Error{
            "the server of service '" + service_.name + "' does not start: " + failure.cause,
            failure.details};
    }

    std::string last_lines() const {
        constexpr int enough = 40;
        try {
            return service_.engine().last_lines(container_->id, enough);
        } catch (const Error& problem) {
            return problem.what();
        }
    }

    [[noreturn]] void give_up() {
        throw Error{"service '" + service_.name + "' does not answer" +
                        (reason_.empty() ? "" : ": " + reason_),
                    is_removed_on_failure_
                        ? without_repeats(last_lines()) + "Give it longer: --wait-timeout SECONDS"
                        : "Look at: dokku postgres:logs " + service_.name,
                    Exit::timed_out};
    }

    const service::Service& service_;
    bool any_database_;
    bool is_removed_on_failure_;
    Clock::time_point begin_;
    Clock::time_point end_;
    Clock::time_point seen_;
    Clock::duration look_took_{};
    std::optional<engine::Container> container_;
    std::set<std::string> starts_;
    std::string reason_;
    pg::Login login_;
    int refusals_ = 0;
    bool asked_ = false;  // the container, who its server is
};

}  // namespace

pg::Login login(const service::Service& service, const engine::Container& container) {
    const auto identity = known_identity(service);
    return {.host = address_of(container),
            .password = service::password(service),
            .database = service::database_of(service),
            .tls = identity.tls,
            .certificate = identity.certificate};
}

engine::Container wait_until_ready(const service::Service& service, std::chrono::seconds patience,
                                   Waiting how) {
    return Wait(service, patience, std::move(how)).wait();
}

}  // namespace server
