"""A stand-in Dokku host on an engine, with our programs run as Dokku runs them, and plain questions about what is there."""

import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time

from engine import ask

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Past the wrapper of Debian, which takes five times as long as what it starts.
PSQL = max(map(str, pathlib.Path("/usr/lib/postgresql").glob("*/bin/psql")), default="psql")
SERVER_IMAGE = "dokku-postgres-test/prepared"  # its clusters are ready
LIMIT = 200  # seconds after which a command counts as one that never ends

# What stands before the engine's client. Of the program under attack it counts the calls, all or those of two words, and at
# the one that was chosen it waits until the harness has killed whom it wants to.
FRONT = """#!/usr/bin/env bash
export DOCKER_HOST={address}
place={place}
if [ -n "${{CRASH_TARGET-}}" ] && read -r when nth words 2>/dev/null <"$place/armed" && [[ -z $words || "$1 $2" = "$words" ]]; then
    {{ flock 9 && echo >>"$place/calls" && number=$(wc -l <"$place/calls"); }} 9>>"$place/counter"
    if [ "$number" = "$nth" ]; then
        trap '' TERM
        meet() {{
            echo "$$ $*" >"$place/reached.new" && mv "$place/reached.new" "$place/reached"
            until [ -e "$place/done" ]; do sleep 0.005; done
        }}
        case $when in
            before) meet; [ "$(cat "$place/done")" = go ] || exit 1 ;;
            after) {docker} "$@"; code=$?; meet; exit "$code" ;;
            amid) exec 8<&0; {docker} "$@" <&8 & meet $!; wait $!; exit ;;
        esac
    fi
fi
exec {docker} "$@"
"""


class Run:
    """How a program ended."""

    def __init__(self, words, code, out, err, took):
        self.words, self.code, self.out, self.err, self.took = words, code, out, err, took

    @property
    def text(self):
        return self.out.decode(errors="replace") + self.err.decode(errors="replace")

    def __str__(self):
        return f"$ {' '.join(self.words)}\n{self.text.rstrip()}\n[exit {self.code} after {self.took:.2f} s]"


class World:
    def __init__(self, tree, address, where):
        self.address = address
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="host.", dir=where))
        self.folder.chmod(0o755)
        made = subprocess.run([ROOT / "tests/host/make", self.folder, "--plugin", tree], capture_output=True, text=True)
        if made.returncode != 0:
            raise RuntimeError(made.stdout + made.stderr)
        self.services = self.folder / "lib/services/postgres"
        self.locks = self.folder / "lib/data/postgres/locks"
        self.place = self.folder / "crash"
        self.place.mkdir()
        self.place.chmod(0o777)
        front = self.folder / "bin/docker-in-front"
        front.write_text(FRONT.format(address=address, place=self.place, docker=shutil.which("docker")))
        front.chmod(0o755)
        with open(self.folder / "etc/default/dokku", "a") as settings:
            settings.write(f"DOCKER_BIN={front}\nPOSTGRES_DISABLE_PULL=true\nPOSTGRES_IMAGE={SERVER_IMAGE}\nexport POSTGRES_DISABLE_PULL POSTGRES_IMAGE\n")
        self.environment = self._environment(front)
        self.dumps = {}

    def _environment(self, front):
        """What Dokku's script exports on this host."""
        lib, home = f"{self.folder}/lib", f"{self.folder}/home"
        core, plugins = f"{lib}/core-plugins", f"{lib}/plugins"
        return {
            "PATH": f"{self.folder}/bin:{os.environ['PATH']}", "HOME": "/home/dokku", "USER": "dokku",
            "LOGNAME": "dokku", "SSH_USER": "root", "SSH_NAME": "default", "DOCKER_BIN": str(front),
            "DOKKU_ROOT": home, "DOKKU_HOST_ROOT": home, "DOKKU_LIB_ROOT": lib, "PLUGIN_PATH": plugins,
            "PLUGIN_AVAILABLE_PATH": f"{plugins}/available", "PLUGIN_ENABLED_PATH": f"{plugins}/enabled",
            "PLUGIN_CORE_PATH": core, "PLUGIN_CORE_AVAILABLE_PATH": f"{core}/available",
            "PLUGIN_CORE_ENABLED_PATH": f"{core}/enabled", "DOKKU_SYSTEM_USER": "dokku",
            "DOKKU_SYSTEM_GROUP": "dokku", "DOKKU_API_VERSION": "1", "DOKKU_NOT_IMPLEMENTED_EXIT": "10",
            "DOKKU_VALID_EXIT": "0", "DOKKU_LOGS_DIR": f"{self.folder}/log/dokku",
            "DOKKU_EVENTS_LOGFILE": f"{self.folder}/log/dokku/events.log", "POSTGRES_DISABLE_PULL": "true",
            "POSTGRES_IMAGE": SERVER_IMAGE}

    # --- our programs ---

    def program(self, name):
        plugin = self.folder / "lib/plugins/available/postgres"
        inner = plugin / "subcommands" / name
        return str(inner if inner.exists() else plugin / name)

    def argv(self, words):
        name = words[0]
        inner = pathlib.Path(self.program(name)).parent.name == "subcommands"
        return [self.program(name), *([f"postgres:{name}"] if inner else []), *words[1:]]

    def spawn(self, words, stdin=None, as_root=False, trace=(), extra=None):
        """Starts a program in a session of its own; `trace`: options of strace that it runs under."""
        argv = self.argv(words)
        user = {} if as_root else {"user": "dokku", "group": "dokku", "extra_groups": ["docker"]}
        if trace:
            argv = ["strace", "-qq", *([] if as_root else ["-u", "dokku"]), *trace, *argv]
            user = {}
        # files, not pipes: whoever outlives the program may hold its streams
        out, err = tempfile.TemporaryFile(), tempfile.TemporaryFile()
        with open(stdin or os.devnull, "rb") as source:
            process = subprocess.Popen(argv, stdin=source, stdout=out, stderr=err, cwd="/", start_new_session=True,
                                       env={**self.environment, **(extra or {})}, **user)
        process.said = out, err
        return process

    def ended(self, words, process, begin):
        """Waits for a spawned program."""
        try:
            code, note = process.wait(LIMIT), b""
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            code, note = -1, b"\nit does not end"
            process.wait()
        took, texts = time.monotonic() - begin, []
        for stream in process.said:
            with stream:
                stream.seek(0)
                texts.append(stream.read())
        return Run(words, code, texts[0], texts[1] + note, took)

    def run(self, *words, stdin=None, as_root=False, trace=(), extra=None):
        begin = time.monotonic()
        return self.ended(words, self.spawn(words, stdin, as_root, trace, extra), begin)

    def must(self, *words, **how):
        run = self.run(*words, **how)
        if run.code != 0:
            raise Fault(f"this must work and does not:\n{run}")
        return run

    def dokku(self, *words):
        """Dokku itself, as its user."""
        run = subprocess.run([self.folder / "bin/dokku", *words], env=self.environment, cwd="/", user="dokku",
                             group="dokku", extra_groups=["docker"], capture_output=True, text=True,
                             stdin=subprocess.DEVNULL, timeout=LIMIT)
        if run.returncode != 0:
            raise Fault(f"dokku {' '.join(words)}: {run.stdout}{run.stderr}")
        return run.stdout

    # --- what is there ---

    def docker(self, *words):
        run = subprocess.run(["docker", "-H", self.address, *words], capture_output=True, text=True, timeout=LIMIT)
        if run.returncode != 0:
            raise Fault(f"docker {' '.join(words)}: {run.stderr.strip()}")
        return run.stdout.split("\n")[:-1]

    def container(self, name):
        """One container as the engine tells of it, or None."""
        return ask(self.address, f"/containers/{name}/json")

    def view(self):
        """Every container of the engine as it tells of it, by name."""
        found = (self.container(one["Id"]) for one in ask(self.address, "/containers/json", all=1))
        return {one["Name"][1:]: one for one in found if one}

    def containers(self):
        """Name and state of every container of the engine."""
        return {one["Names"][0][1:]: one["State"] for one in ask(self.address, "/containers/json", all=1)}

    def networks(self):
        """Every network of the engine as it tells of it, with what is on it."""
        return [ask(self.address, f"/networks/{one['Id']}") for one in ask(self.address, "/networks")]

    def password(self, service):
        return (self.services / service / "PASSWORD").read_text().rstrip("\n")

    def sql(self, service, statement, database=None, password=None):
        """Asks the server itself, past our programs."""
        there = self.container(f"dokku.postgres.{service}")
        address = there and there["NetworkSettings"]["Networks"].get("bridge", {}).get("IPAddress")
        if not address:
            raise Fault(f"{service}: {statement}: its server is not there")
        run = subprocess.run(
            [PSQL, "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", address, "-U", "postgres",
             "-d", database or service, "-c", statement],
            env={"PATH": os.environ["PATH"], "PGPASSWORD": password or self.password(service), "PGCONNECT_TIMEOUT": "10"},
            capture_output=True, text=True, timeout=LIMIT)
        if run.returncode != 0:
            raise Fault(f"{service}: {statement}: {run.stderr.strip()}")
        return run.stdout.split("\n")[:-1]

    def there(self, service):
        return (self.services / service).is_dir()

    def linked(self, service):
        return set((self.services / service / "LINKS").read_text().split())

    def detail(self, service):
        """links.yml as {app: [variable, ..]}; ours to read, because only what we write stands in it."""
        try:
            text = (self.services / service / "links.yml").read_text()
        except FileNotFoundError:
            return {}
        found, app = {}, None
        for line in text.split("\n"):
            if match := re.search(r'\bapp: *"?([^"]*)"?$', line):
                app = match[1]
                found[app] = []
            elif match := re.search(r'\bname: *"?([^"]*)"?$', line):
                found[app].append(match[1])
        return found

    def config(self, app):
        """The app's variables, from the file in which the stand-in keeps them."""
        lines = (self.folder / "lib/config" / app / "ENV").read_text().split("\n")
        return {k: v.strip("\"'") for k, v in (line.split("=", 1) for line in lines if "=" in line)}

    def url(self, service):
        return self.must("info", service, "--dsn").out.decode().strip()

    def remove(self):
        subprocess.run([ROOT / "tests/host/remove", self.folder], capture_output=True,
                       env={**os.environ, "DOCKER_HOST": self.address})


class Fault(Exception):
    """Something is not as it was promised."""


def beside(*calls):
    """All of them at once, because each waits more than it works; returns what they do, or raises what the first raises."""
    with concurrent.futures.ThreadPoolExecutor(len(calls)) as pool:
        return [one.result() for one in [pool.submit(call) for call in calls]]
