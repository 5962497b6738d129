"""A stand-in Dokku host for the measurements, and all that is made on it."""
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile

root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
longest = 3600  # seconds, for one program


def say(text):
    print(f"-----> {text}", file=sys.stderr, flush=True)


class Failed(Exception):
    pass


class World:
    def __init__(self, tree, client="docker"):
        self.id = secrets.token_hex(4)
        self.docker_program = shutil.which(client)
        self.folder = tempfile.mkdtemp(prefix="dokku-postgres-bench.", dir=os.environ.get("TMPDIR", "/var/tmp"))
        os.chmod(self.folder, 0o755)
        self.host = self.folder + "/host"
        self.had_network = self.docker("network", "ls", "-q", "--filter=name=^dokku-postgres$").strip() != ""
        self.plugin = self.host + "/lib/plugins/available/postgres"
        self.services = self.host + "/lib/services/postgres"
        os.mkdir(self.host)
        try:
            self.call([f"{root}/tests/host/make", self.host, "--plugin", tree])
        except BaseException:
            self.remove()
            raise

    # --- running things

    def environment(self, **more):
        """What Dokku's script exports."""
        lib = self.host + "/lib"
        plugins, core = lib + "/plugins", lib + "/core-plugins"
        made = {
            "PATH": f"{self.host}/bin:{os.environ['PATH']}", "HOME": "/home/dokku", "USER": "dokku", "LOGNAME": "dokku",
            "SSH_USER": "root", "SSH_NAME": "default", "DOCKER_BIN": "docker", "DOKKU_ROOT": self.host + "/home",
            "DOKKU_HOST_ROOT": self.host + "/home", "DOKKU_LIB_ROOT": lib, "PLUGIN_PATH": plugins,
            "PLUGIN_AVAILABLE_PATH": plugins + "/available", "PLUGIN_ENABLED_PATH": plugins + "/enabled",
            "PLUGIN_CORE_PATH": core, "PLUGIN_CORE_AVAILABLE_PATH": core + "/available",
            "PLUGIN_CORE_ENABLED_PATH": core + "/enabled", "DOKKU_SYSTEM_USER": "dokku", "DOKKU_SYSTEM_GROUP": "dokku",
            "DOKKU_API_VERSION": "1", "DOKKU_NOT_IMPLEMENTED_EXIT": "10", "DOKKU_VALID_EXIT": "0",
            "DOKKU_LOGS_DIR": self.host + "/log/dokku", "DOKKU_EVENTS_LOGFILE": self.host + "/log/dokku/events.log",
            "DOKKU_POSTGRES_NO_PULL": "1",
        }
        made.update(more)
        return made

    def as_dokku(self, **environment):
        """For subprocess: the user and the surroundings of a command under Dokku."""
        return {"user": "dokku", "group": "dokku", "extra_groups": ["docker"], "cwd": "/",
                "env": self.environment(**environment)}

    def run(self, words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, **environment):
        done = subprocess.run(words, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE, text=True, timeout=longest,
                              **self.as_dokku(**environment))
        if done.returncode != 0:
            raise Failed(f"{' '.join(words)}: exit {done.returncode}\n{done.stderr[-2000:]}")
        return done

    def call(self, words, **options):
        """As root, past Dokku."""
        done = subprocess.run(words, capture_output=True, text=True, timeout=longest, **options)
        if done.returncode != 0:
            raise Failed(f"{' '.join(words)}: exit {done.returncode}\n{done.stderr[-2000:]}")
        return done.stdout

    def docker(self, *words, **options):
        return self.call([self.docker_program, *words], **options)

    def dokku(self, *words):
        return self.call([self.host + "/bin/dokku", *words], stdin=subprocess.DEVNULL)

    def subcommand(self, name):
        return f"{self.plugin}/subcommands/{name}"

    def command(self, name, *words):
        """A subcommand of ours as Dokku starts it."""
        return [self.subcommand(name), f"postgres:{name}", *words]

    def hook(self, name, *words):
        return [f"{self.plugin}/{name}", *words]

    def helper(self, *words):
        return [f"{self.host}/lib/core-plugins/available/{words[0]}", *words[1:]]

    # --- making things

    def name(self, what):
        return f"{what}-{self.id}"

    def create(self, what, *flags):
        name = self.name(what)
        self.run(self.command("create", name, *flags))
        return name

    def destroy(self, name):
        self.run(self.command("destroy", name, "--force"))

    def app(self, what):
        name = self.name(what)
        self.dokku("apps:create", name)
        return name

    def inspect(self, container):
        return json.loads(self.docker("container", "inspect", container))[0]

    def lay_services(self, folder, names, template):
        """Folders of services as create lays them, each linked to an app of its own, as a service mostly is."""
        os.makedirs(folder)
        kept = [entry for entry in os.listdir(template) if entry != "data"]
        for name in names:
            place = f"{folder}/{name}"
            os.mkdir(place)
            os.mkdir(place + "/data")
            for entry in kept:
                copy = shutil.copytree if os.path.isdir(f"{template}/{entry}") else shutil.copy2
                copy(f"{template}/{entry}", f"{place}/{entry}")
            with open(place + "/LINKS", "w") as links:
                links.write(f"app-of-{name}\n")
        subprocess.run(["chown", "-R", "dokku:dokku", folder], check=True)

    # --- taking it all away

    def containers(self):
        return subprocess.run([self.docker_program, "ps", "-aq", "--no-trunc", f"--filter=name={self.id}"],
                              capture_output=True, text=True).stdout.split()

    def remove(self):
        # again, for what an interrupted client had asked for and the engine made after all
        for _ in range(3):
            found = self.containers()
            for at in range(0, len(found), 100):
                subprocess.run([self.docker_program, "rm", "-fv", *found[at:at + 100]], capture_output=True)
            if not found:
                break
        if os.path.exists(self.host + "/bin/dokku"):
            subprocess.run([f"{root}/tests/host/remove", self.host], capture_output=True)
        if not self.had_network:
            # somebody else may have come to use it: then it stays
            subprocess.run([self.docker_program, "network", "rm", "dokku-postgres"], capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)
