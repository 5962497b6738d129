"""An engine of our own beside the machine's, in a network namespace of its own: it can be killed."""

import json
import os
import pathlib
import signal
import subprocess
import time

IMAGES = ["postgres:17", "dokku-postgres-test/app:latest", "dokku/ambassador:0.8.2"]


class Engine:
    """containerd and dockerd, with everything of theirs below one folder; the images stay there from run to run."""

    def __init__(self, folder, sockets):
        self.folder = pathlib.Path(folder)
        self.sockets = pathlib.Path(sockets)
        self.address = f"unix://{self.sockets}/docker.sock"
        self.containerd = None
        self.daemon = None
        self.lasting = True

    def start(self):
        self.folder.mkdir(parents=True, exist_ok=True)
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
            "storage-driver": storage_driver(), "live-restore": lasting, "group": "docker"}))
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
        return subprocess.run(["docker", "-H", self.address, "version"], capture_output=True).returncode == 0

    def _load_images(self):
        for image in IMAGES:
            wanted = image_id(image)
            if wanted and image_id(image, self.address) != wanted:
                with subprocess.Popen(["docker", "save", image], stdout=subprocess.PIPE) as save:
                    subprocess.run(["docker", "-H", self.address, "load"], stdin=save.stdout, check=True,
                                   stdout=subprocess.DEVNULL)

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


def storage_driver():
    """The one that works for the machine's own engine."""
    said = subprocess.run(["docker", "info", "-f", "{{.Driver}}"], capture_output=True, text=True,
                          env={k: v for k, v in os.environ.items() if k != "DOCKER_HOST"})
    return said.stdout.strip() or "overlay2"
