// The docker client as we call it: exact words, and what is made of its answers.
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "engine/engine.h"
#include "error/error.h"
#include "fakes/catch.h"

namespace {

using Words = std::vector<std::string>;
const std::string id_a(64, 'a');
const std::string id_b(64, 'b');

// A docker client that writes down its arguments and answers as the test wants.
class Client {
public:
    Client() {
        std::string pattern = std::filesystem::temp_directory_path() / "engine-XXXXXX";
        folder_ = ::mkdtemp(pattern.data());
        std::ofstream{path()}
            << "#!/bin/sh\n"
               "cd \"${0%/*}\"\n"
               "{ for word; do printf '%s\\036' \"$word\"; done; printf '\\035'; } >> calls\n"
               "if [ \"$1\" = version ]; then exit \"$(cat alive)\"; fi\n"
               "cat out; cat err >&2; exit \"$(cat status)\"\n";
        ::chmod(path().c_str(), 0755);
        answer("");
        write("alive", "0");
    }
    ~Client() { std::filesystem::remove_all(folder_); }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    std::string path() const { return folder_ / "docker"; }
    void answer(const std::string& out, const std::string& err = {}, int status = 0) {
        write("out", out);
        write("err", err);
        write("status", std::to_string(status));
    }
    void engine_is_down() { write("alive", "1"); }
    std::vector<Words> calls() const {
        std::vector<Words> all;
        std::istringstream stream{read("calls")};
        for (std::string call; std::getline(stream, call, '\035');) {
            all.emplace_back();
            std::istringstream words{call};
            for (std::string word; std::getline(words, word, '\036');) all.back().push_back(word);
        }
        return all;
    }

private:
    void write(const std::string& file, const std::string& text) {
        std::ofstream{folder_ / file} << text;
    }
    std::string read(const std::string& file) const {
        std::ifstream stream{folder_ / file};
        std::stringstream text;
        text << stream.rdbuf();
        return text.str();
    }
    std::filesystem::path folder_;
};

std::string container(const std::string& id, const std::string& name) {
    return R"({"Id":")" + id + R"(","Name":"/)" + name + R"(","State":{"Status":"running"}})";
}

std::string message_of(const std::function<void()>& call) {
    try {
        call();
    } catch (const Error& error) {
        return error.what();
    }
    return "no error";
}

}  // namespace

TEST_CASE("a container is read from what inspect prints", "[engine]") {
    Client client;
    client.answer(R"([{
        "Id": ")" +
                  id_a + R"(", "Name": "/dokku.postgres.db", "Image": "sha256:1234",
        "State": {"Status": "exited", "ExitCode": 137, "StartedAt": "2026-01-02T03:04:05.6Z"},
        "Config": {"Image": "postgres:17", "Cmd": ["postgres", "-c", "x=y"], "Env": ["A=1", "B=a=b"],
                   "Labels": {"dokku": "service", "dokku.service": "postgres"}},
        "HostConfig": {"NetworkMode": "default", "RestartPolicy": {"Name": "always"}, "Memory": 536870912,
                       "ShmSize": 67108864, "PortBindings": {"5432/tcp": [{"HostIp": "", "HostPort": "1"}]}},
        "Mounts": [{"Type": "bind", "Source": "/a b/data", "Destination": "/var/lib/postgresql/data", "RW": true},
                   {"Type": "volume", "Name": "vol", "Source": "/var/lib/docker/x", "Destination": "/v", "RW": false}],
        "NetworkSettings": {
            "IPAddress": "172.17.0.9",
            "Networks": {"bridge": {"IPAddress": "172.17.0.2", "Aliases": null},
                         "dokku-postgres": {"IPAddress": "", "Aliases": ["dokku-postgres-db", "aaaaaaaaaaaa"]}},
            "Ports": {"5432/tcp": [{"HostIp": "0.0.0.0", "HostPort": "4000"}, {"HostIp": "::", "HostPort": "4000"},
                                   {"HostIp": "127.0.0.1", "HostPort": "4001"}], "80/tcp": null}}}])");
    const auto found = engine::docker(client.path())->find("dokku.postgres.db");
    REQUIRE(found);
    CHECK(found->id == id_a);
    CHECK(found->name == "dokku.postgres.db");
    CHECK(found->image == "postgres:17");
    CHECK(found->image_id == "sha256:1234");
    CHECK(found->status == "exited");
    CHECK_FALSE(found->running());
    CHECK(found->exit_code == 137);
    CHECK(found->started_at == "2026-01-02T03:04:05.6Z");
    CHECK(found->network_mode == "default");
    CHECK(found->restart_policy == "always");
    CHECK(found->arguments == Words{"postgres", "-c", "x=y"});
    CHECK(found->environment == Words{"A=1", "B=a=b"});
    CHECK(found->labels.at("dokku.service") == "postgres");
    CHECK(found->memory == 536870912);
    CHECK(found->shm == 67108864);
    REQUIRE(found->mounts.size() == 2);
    CHECK(found->mounts[0].source == "/a b/data");
    CHECK_FALSE(found->mounts[0].read_only);
    CHECK(found->mounts[1].source == "vol");
    CHECK(found->mounts[1].read_only);
    REQUIRE(found->networks.size() == 2);
    REQUIRE(found->on("bridge") != nullptr);
    CHECK(found->on("bridge")->address == "172.17.0.2");
    CHECK(found->on("dokku-postgres")->aliases.front() == "dokku-postgres-db");
    CHECK(found->on("dokku") == nullptr);
    REQUIRE(found->ports.size() == 2);
    CHECK(found->ports[0].ip.empty());
    CHECK(found->ports[0].host == 4000);
    CHECK(found->ports[0].container == 5432);
    CHECK(found->ports[1].ip == "127.0.0.1");
    CHECK(client.calls() == std::vector<Words>{{"container", "inspect", "dokku.postgres.db"}});
}

TEST_CASE("what an engine leaves out is empty", "[engine]") {
    Client client;
    client.answer(R"([{"Id":")" + id_a +
                  R"(","Name":"/x","Config":null,"NetworkSettings":{"Networks":null}}])");
    const auto found = engine::docker(client.path())->find("x");
    REQUIRE(found);
    CHECK(found->networks.empty());
    CHECK(found->arguments.empty());
    CHECK(found->image.empty());
}

TEST_CASE("a missing container is no error, an absent engine is one", "[engine]") {
    Client client;
    const auto docker = engine::docker(client.path());
    SECTION("client 20.10") {
        client.answer("[]\n", "Error: No such container: x\n", 1);
        CHECK_FALSE(docker->find("x"));
    }
    SECTION("client 28") {
        client.answer("[]\n", "Error response from daemon: No such container: x\n", 1);
        CHECK_FALSE(docker->find("x"));
    }
    SECTION("some of several") {
        client.answer("[" + container(id_a, "a") + "]", "Error: No such container: b\n", 1);
        const auto found = docker->find_all({"b", "a", "a"});
        REQUIRE(found.size() == 1);
        CHECK(found.front().name == "a");
        CHECK(client.calls() == std::vector<Words>{{"container", "inspect", "a", "b"}});
    }
    SECTION("one missing and one lost on the way") {
        client.answer("[]", "Error: No such container: a\nread tcp: connection reset\n", 1);
        CHECK_THROWS_AS(docker->find_all({"a", "b"}), Error);
    }
    SECTION("no engine") {
        client.engine_is_down();
        client.answer(
            "[]\n",
            "failed to connect to the docker API at unix:///var/run/docker.sock: dial unix "
            "/var/run/docker.sock: connect: no such file or directory\n",
            1);
        CHECK(message_of([&] { docker->find("x"); }) == "the Docker engine does not answer");
        CHECK(message_of([&] { docker->image("x"); }) == "the Docker engine does not answer");
        CHECK(message_of([&] { docker->start("x"); }) == "the Docker engine does not answer");
        CHECK(message_of([&] { docker->states("a=b"); }) == "the Docker engine does not answer");
        CHECK(message_of([&] { docker->remove("x", false); }) ==
              "the Docker engine does not answer");
    }
    SECTION("no client") {
        CHECK_THROWS_AS(engine::docker("no-such-docker-client")->find("x"), Error);
    }
    SECTION("a client that prints something else") {
        client.answer("hello");
        CHECK_THROWS_AS(docker->find("x"), Error);
    }
}

TEST_CASE("the beginning of an id is not a name", "[engine]") {
    Client client;
    client.answer("[" + container(id_a, "other") + "]");
    const auto docker = engine::docker(client.path());
    CHECK_FALSE(docker->find("aaa"));
    CHECK(docker->find("other"));
    CHECK(docker->find(id_a));
    CHECK(docker->find(id_a.substr(0, 12)));
    CHECK(docker->find_all({"other", id_a}).size() == 1);
}

TEST_CASE("a name that looks like a flag is refused before any call", "[engine]") {
    const Client client;
    const auto docker = engine::docker(client.path());
    CHECK_THROWS_AS(docker->find("--help"), Error);
    CHECK_THROWS_AS(docker->start("-a"), Error);
    CHECK_THROWS_AS(docker->image(""), Error);
    CHECK(client.calls().empty());
}

TEST_CASE("states know each container by its own name", "[engine]") {
    Client client;
    client.answer(
        "dokku.postgres.a\trunning\nweb.1/dokku-postgres-b,dokku.postgres.b,web.2/db\texited\n");
    const auto states = engine::docker(client.path())->states("dokku.service=postgres");
    CHECK(states == std::map<std::string, std::string>{{"dokku.postgres.a", "running"},
                                                       {"dokku.postgres.b", "exited"}});
    CHECK(client.calls() == std::vector<Words>{{"container", "ls", "--all", "--no-trunc",
                                                "--filter=label=dokku.service=postgres",
                                                "--format={{.Names}}\t{{.State}}"}});
}

TEST_CASE("ids are listed by all labels", "[engine]") {
    Client client;
    client.answer(id_a + "\n" + id_b + "\n");
    const auto docker = engine::docker(client.path());
    CHECK(docker->ids({"com.dokku.app-name=web", "dokku"}) == Words{id_a, id_b});
    client.answer("");
    CHECK(docker->ids({"x=y"}, true).empty());
    CHECK(client.calls() ==
          std::vector<Words>{
              {"container", "ls", "--quiet", "--no-trunc", "--filter=label=com.dokku.app-name=web",
               "--filter=label=dokku"},
              {"container", "ls", "--quiet", "--no-trunc", "--all", "--filter=label=x=y"}});
}

TEST_CASE("an image tells its environment and volumes", "[engine]") {
    Client client;
    client.answer(
        R"([{"Id":"sha256:1","Config":{"Env":["PG_MAJOR=17","PGDATA=/a=b"],"Volumes":{"/var/lib/postgresql/data":{}}}}])");
    const auto docker = engine::docker(client.path());
    const auto image = docker->image("postgres:17");
    REQUIRE(image);
    CHECK(image->id == "sha256:1");
    CHECK(image->environment.at("PG_MAJOR") == "17");
    CHECK(image->environment.at("PGDATA") == "/a=b");
    CHECK(image->volumes == Words{"/var/lib/postgresql/data"});
    client.answer("[]", "Error: No such image: postgres:99\n", 1);
    CHECK_FALSE(docker->image("postgres:99"));
    client.answer("[]", "Error response from daemon: no such image: x: No such image: x:latest\n",
                  1);
    CHECK_FALSE(docker->image("x"));
}

TEST_CASE("a container is made with exactly these words", "[engine]") {
    Client client;
    client.answer(id_a + "\n", "WARNING: something about swap\n");
    engine::Spec spec;
    spec.name = "dokku.postgres.db";
    spec.image = "registry:5000/postgres:17";
    spec.hostname = "dokku.postgres.db";
    spec.labels = {{"dokku", "service"}, {"dokku.service", "postgres"}};
    spec.env_file = "/var/lib/x/ENV";
    spec.environment = {"POSTGRES_PASSWORD_FILE=/run/p"};
    spec.mounts = {{.source = "/a,b/\"c\"", .target = "/data"},
                   {.source = "volume", .target = "/v", .read_only = true}};
    spec.ports = {{.ip = "127.0.0.1", .host = 4000, .container = 5432},
                  {.ip = "", .host = 4001, .container = 5432},
                  {.ip = "::1", .host = 4002, .container = 5432},
                  {.ip = "", .host = 0, .container = 5433}};
    spec.network = "mine";
    spec.aliases = {"dokku-postgres-db"};
    spec.memory = "512m";
    spec.shm = "64m";
    spec.options = {"--log-driver", "local"};
    spec.arguments = {"-c", "", "x=a b"};
    CHECK(engine::docker(client.path())->create(spec) == id_a);
    CHECK(client.calls() ==
          std::vector<Words>{{"container",
                              "create",
                              "--pull=never",
                              "--name=dokku.postgres.db",
                              "--hostname=dokku.postgres.db",
                              "--label=dokku=service",
                              "--label=dokku.service=postgres",
                              "--env-file=/var/lib/x/ENV",
                              "--env=POSTGRES_PASSWORD_FILE=/run/p",
                              "--mount=type=bind,\"source=/a,b/\"\"c\"\"\",target=/data",
                              "--mount=type=volume,source=volume,target=/v,readonly",
                              "--publish=127.0.0.1:4000:5432",
                              "--publish=4001:5432",
                              "--publish=[::1]:4002:5432",
                              "--publish=5433",
                              "--network=mine",
                              "--network-alias=dokku-postgres-db",
                              "--restart=always",
                              "--memory=512m",
                              "--shm-size=64m",
                              "--log-driver",
                              "local",
                              "registry:5000/postgres:17",
                              "-c",
                              "",
                              "x=a b"}});
}

TEST_CASE("the default bridge takes no alias", "[engine]") {
    Client client;
    client.answer(id_a + "\n");
    engine::Spec spec;
    spec.name = "x";
    spec.image = "i";
    spec.aliases = {"a"};
    SECTION("unsaid") { spec.network = ""; }
    SECTION("by name") { spec.network = "bridge"; }
    engine::docker(client.path())->create(spec);
    const auto calls = client.calls();
    for (const auto& word : calls.front()) CHECK_FALSE(word.starts_with("--network-alias"));
}

TEST_CASE("an error gives the engine's own reason", "[engine]") {
    Client client;
    const auto docker = engine::docker(client.path());
    engine::Spec spec;
    spec.name = "x";
    spec.image = "i";
    client.answer("",
                  "Error response from daemon: Conflict. The name is in use.\nRun 'docker "
                  "container create --help' for more information\n",
                  125);
    CHECK(message_of([&] { docker->create(spec); }) ==
          "cannot make container 'x': Conflict. The name is in use.");
    client.answer("",
                  "Error response from daemon: port is already allocated\nError: failed to start "
                  "containers: x\n",
                  1);
    CHECK(message_of([&] { docker->start("x"); }) ==
          "cannot start container 'x': port is already allocated");
    client.answer("",
                  "invalid argument \"x\" for \"-m, --memory\" flag: invalid size: 'x'\nSee "
                  "'docker container create --help'.\n",
                  125);
    CHECK(message_of([&] { docker->create(spec); }) ==
          "cannot make container 'x': invalid argument \"x\" for \"-m, --memory\" flag: invalid "
          "size: 'x'");
}

TEST_CASE("a container that is not there is removed already", "[engine]") {
    Client client;
    const auto docker = engine::docker(client.path());
    client.answer("", "Error: No such container: x\n", 1);
    docker->remove("x", true);
    docker->remove("x", false);
    CHECK(client.calls() == std::vector<Words>{{"container", "rm", "--force", "--volumes", "x"},
                                               {"container", "rm", "--force", "x"}});
    client.answer("", "Error response from daemon: driver failed to remove root filesystem\n", 1);
    CHECK(message_of([&] { docker->remove("x", true); }) ==
          "cannot remove container 'x': driver failed to remove root filesystem");
}

TEST_CASE("a network is one of exactly that name", "[engine]") {
    Client client;
    const auto docker = engine::docker(client.path());
    client.answer("dokku-postgres-2\nmy-dokku-postgres\n");
    CHECK_FALSE(docker->has_network("dokku-postgres"));
    client.answer("dokku-postgres-2\ndokku-postgres\n");
    CHECK(docker->has_network("dokku-postgres"));
    docker->ensure_network("dokku-postgres");
    const auto looks = client.calls();
    for (const auto& call : looks) CHECK(call[1] == "ls");
    client.answer("", "");
    docker->ensure_network("dokku-postgres");
    CHECK(client.calls().back() == Words{"network", "create", "--driver=bridge",
                                         "--label=dokku.plugin=postgres", "dokku-postgres"});
}

TEST_CASE("a container joins a network once", "[engine]") {
    Client client;
    const auto docker = engine::docker(client.path());
    CHECK(docker->connect("net", id_a, {"one", "two"}));
    CHECK(client.calls() ==
          std::vector<Words>{{"network", "connect", "--alias=one", "--alias=two", "net", id_a}});
    client.answer(
        "", "Error response from daemon: endpoint with name x already exists in network net\n", 1);
    CHECK_FALSE(docker->connect("net", "x", {}));
    client.answer("", "Error response from daemon: network net not found\n", 1);
    CHECK_THROWS_AS(docker->connect("net", "x", {}), Error);
    docker->disconnect("net", "x");
    client.answer("", "Error response from daemon: container x is not connected to network net\n",
                  1);
    docker->disconnect("net", "x");
    CHECK(client.calls().back() == Words{"network", "disconnect", "net", "x"});
}

TEST_CASE("a full network says so", "[engine]") {
    Client client;
    const auto docker = engine::docker(client.path());
    client.answer("",
                  "Error response from daemon: failed to create endpoint x on network net: adding "
                  "interface veth1 to bridge br-1 failed: exchange full\n",
                  1);
    CHECK(message_of([&] { docker->connect("net", "x", {}); }) ==
          "cannot connect container 'x' to network 'net': the network is full");
    CHECK(message_of([&] { docker->start("x"); }) ==
          "cannot start container 'x': the network is full");
}

TEST_CASE("stop and restart give the container its time", "[engine]") {
    const Client client;
    const auto docker = engine::docker(client.path());
    docker->stop("x", std::chrono::seconds{30});
    docker->restart("x", std::chrono::seconds{5});
    docker->unpause("x");
    docker->rename("x", "y");
    CHECK(client.calls() == std::vector<Words>{{"container", "stop", "-t", "30", "x"},
                                               {"container", "restart", "-t", "5", "x"},
                                               {"container", "unpause", "x"},
                                               {"container", "rename", "x", "y"}});
}

TEST_CASE("the last lines hold both streams", "[engine]") {
    Client client;
    const auto docker = engine::docker(client.path());
    client.answer("out\n", "err\n");
    CHECK(docker->last_lines("x", 20) == "out\nerr\n");
    CHECK(client.calls() == std::vector<Words>{{"container", "logs", "--tail=20", "x"}});
    client.answer("", "Error response from daemon: No such container: x\n", 1);
    CHECK(message_of([&] { docker->last_lines("x", 1); }) ==
          "cannot read the log of container 'x': No such container: x");
}

TEST_CASE("a program in a container is a command of the client", "[engine]") {
    const auto command =
        engine::docker("/bin/docker")
            ->exec("x", {"psql", "-c", ""},
                   {.input = true, .terminal = true, .user = "postgres", .environment = {"A=b"}});
    CHECK(command.argv == Words{"/bin/docker", "container", "exec", "--interactive", "--tty",
                                "--user=postgres", "--env=A=b", "x", "psql", "-c", ""});
    CHECK(engine::docker("d")->exec("x", {"true"}, {}).argv ==
          Words{"d", "container", "exec", "x", "true"});
}

TEST_CASE("a throw-away container is root and goes when it ends", "[engine]") {
    Client client;
    const auto docker = engine::docker(client.path());
    client.answer("done\n", "", 3);
    const engine::Spec spec{.name = "once",
                            .image = "postgres:17",
                            .labels = {{"k", "v"}},
                            .mounts = {{.source = "/a", .target = "/b"}},
                            .network = "none",
                            .restart = {},
                            .arguments = {"rm", "-rf", "/b/x"}};
    const auto result = docker->run_once(spec);
    CHECK(result.status == 3);
    CHECK(result.out == "done\n");
    CHECK(client.calls() ==
          std::vector<Words>{{"container", "run", "--rm", "--pull=never", "--user=0:0",
                              "--name=once", "--entrypoint=rm", "--label=k=v",
                              "--mount=type=bind,source=/a,target=/b", "--network=none",
                              "postgres:17", "-rf", "/b/x"}});
    client.answer("",
                  "docker: Error response from daemon: No such image: postgres:17.\nSee 'docker "
                  "run --help'.\n",
                  125);
    CHECK(message_of([&] { docker->run_once(spec); }) ==
          "cannot run image 'postgres:17': No such image: postgres:17.");
}

TEST_CASE("a failed pull is an error", "[engine]") {
    Client client;
    const auto docker = engine::docker(client.path());
    docker->pull("postgres:17");
    CHECK(client.calls() == std::vector<Words>{{"image", "pull", "postgres:17"}});
    client.answer("", "", 1);
    CHECK(message_of([&] { docker->pull("postgres:17"); }) == "cannot pull image 'postgres:17'");
    client.answer("17: Pulling\n", "Error response from daemon: pull access denied\n", 1);
    CHECK(message_of([&] { docker->pull("postgres:17"); }) ==
          "cannot pull image 'postgres:17': pull access denied");
}
