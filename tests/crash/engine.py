"""An engine of our own beside the machine's, in a network namespace of its own: it can be killed."""

import http.client
import json
import os
import pathlib
import signal
import socket
import subprocess
import time
import urllib.parse

IMAGES = ["dokku-postgres-test/prepared:17", "dokku-postgres-test/app:latest", "dokku/ambassador:0.8.2"]


LEAST_MEMORY = 4 << 30  # what the memory of the machine must hold: images, containers, data of the services


class Engine:
    """containerd and dockerd, with everything of theirs below one folder; the images stay there from run to run."""

    def __init__(self, folder, sockets):
        self.folder = pathlib.Path(folder)
        self.sockets = pathlib.Path(sockets)
        self.address = f"unix://{self.sockets}/docker.sock"
        self.containerd = None
        self.daemon = None

    def start(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        self.driver = storage_driver(self.folder)
        self._start_containerd()
        self.start_daemon()
        self._load_images()

    def _start_containerd(self):
        settings = self.folder / "containerd.toml"
        settings.write_text(
            'version = 2\n'
            f'root = "{self.folder}/containerd"\n'
            f'state = "{self.sockets}/containerd"\n'
            'disabled_plugins = ["io.containerd.grpc.v1.cri"]\n'
            f'[grpc]\naddress = "{self.sockets}/containerd.sock"\n')
        self.containerd = self._spawn("containerd", ["containerd", "--config", settings])
        self._until(lambda: (self.sockets / "containerd.sock").exists(), self.containerd, "containerd")

    def start_daemon(self, lasting=True):
        """`lasting`: containers outlive the daemon; else it stops what runs when it comes back, as after a reboot."""
        settings = self.folder / "daemon.json"
        settings.write_text(json.dumps({
            "storage-driver": self.driver, "live-restore": lasting, "group": "docker"}))
        (self.sockets / "docker.pid").unlink(missing_ok=True)
        self.daemon = self._spawn("dockerd", [
            "dockerd", "--config-file", settings, "--containerd", self.sockets / "containerd.sock",
            "--data-root", self.folder / "data", "--exec-root", self.sockets / "exec",
            "--pidfile", self.sockets / "docker.pid", "--host", self.address])
        self._until(self.answers, self.daemon, "dockerd")

    def _spawn(self, name, words):
        log = open(self.folder / f"{name}.log", "ab")
        return subprocess.Popen([str(word) for word in words], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                start_new_session=True)

    def _until(self, true, process, name):
        end = time.monotonic() + 120
        while not true():
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{name} does not start, see {self.folder}/{name}.log")
            time.sleep(0.02)

    def answers(self):
        try:
            return ask(self.address, "/version") is not None
        except (OSError, http.client.HTTPException):
            return False

    def _load_images(self):
        there = {image: image_id(image) for image in IMAGES}
        missing = [image for image, wanted in there.items() if wanted and image_id(image, self.address) != wanted]
        if missing:
            with subprocess.Popen(["docker", "save", *missing], stdout=subprocess.PIPE) as save:
                subprocess.run(["docker", "-H", self.address, "load"], stdin=save.stdout, check=True, stdout=subprocess.DEVNULL)

    def kill(self):
        self.daemon.kill()
        self.daemon.wait()

    def stop(self):
        """Takes both down, and every container before them."""
        if self.daemon and self.daemon.poll() is None:
            wipe(self.address)
            end(self.daemon)
        if self.containerd:
            end(self.containerd)


def end(process):
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def docker(address, *words):
    run = subprocess.run(["docker", "-H", address, *words], capture_output=True, text=True, timeout=120)
    return run.stdout.split("\n")[:-1] if run.returncode == 0 else []


def wipe(address):
    """Every container and network of an engine that is ours alone."""
    containers = docker(address, "ps", "-aq")
    if containers:
        docker(address, "rm", "-fv", *containers)
    docker(address, "network", "prune", "-f")


def image_id(image, address=None):
    host = ["-H", address] if address else []
    return subprocess.run(["docker", *host, "image", "inspect", "-f", "{{.Id}}", image],
                          capture_output=True, text=True).stdout.strip()


def ask(address, path, **query):
    """What the engine answers to a question at its socket, ten times sooner than its client; None: there is no such thing."""
    asking = Asking(address)
    try:
        asking.request("GET", path + "?" + urllib.parse.urlencode(query))
        answer = asking.getresponse()
        text = answer.read()
        if answer.status not in (200, 404):
            raise OSError(f"the engine answers {path} by {answer.status}: {text.decode(errors='replace')}")
        return json.loads(text) if answer.status == 200 else None
    finally:
        asking.close()


class Asking(http.client.HTTPConnection):
    """One connection to the socket of an engine."""

    def __init__(self, address):
        super().__init__("localhost", timeout=120)
        self.path = address.removeprefix("unix://")

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def storage_driver(folder):
    """The one that works for files there: the kernel's own, which reads ten times faster than one in user space, else the machine's."""
    parts = {name: folder / "try" / name for name in ("lower", "upper", "work", "merged")}
    for part in parts.values():
        part.mkdir(parents=True, exist_ok=True)
    options = "lowerdir={lower},upperdir={upper},workdir={work}".format(**parts)
    if subprocess.run(["mount", "-t", "overlay", "overlay", "-o", options, parts["merged"]], capture_output=True).returncode == 0:
        subprocess.run(["umount", parts["merged"]], check=True)
        return "overlay2"
    said = subprocess.run(["docker", "info", "-f", "{{.Driver}}"], capture_output=True, text=True,
                          env={k: v for k, v in os.environ.items() if k != "DOCKER_HOST"})
    return said.stdout.strip() or "overlay2"


def into_memory(folder):
    """What lies there goes with our mounts, and costs no disk; nothing on a machine that has little memory."""
    with open("/proc/meminfo") as lines:
        available = next(int(line.split()[1]) << 10 for line in lines if line.startswith("MemAvailable:"))
    return available >= LEAST_MEMORY and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "mode=0755,size=75%", "tmpfs", folder], capture_output=True).returncode == 0
