"""A real SLURM on this machine: munged, slurmctld and several slurmd, all below one scratch folder.

    with Cluster() as cluster:                        # up in a second or two
        with cluster.nodes(2) as nodes:               # nobody else's while the block runs; waits for free ones
            job = cluster.submit("slurm/train.sbatch", "--nodelist", ",".join(nodes), DATA=..., RUN=...)
            ended = cluster.wait(job)                 # {"JobState": "COMPLETED", "ExitCode": "0:0", "Restarts": "1", ...}

A test gets its cluster from run_all.py, which starts one for all of them and runs the tests of every test_*.py side by
side: a new file of unittest cases with `cluster` (see cases.py) needs no more. Nodes are names on one host; a job sees
its own as SLURMD_NODENAME. Daemons are children of this process and end with it, even if it is killed."""

import contextlib
import ctypes
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "srun", "scontrol", "scancel", "squeue")
PMIX = ("slurm-wlm/mpi_pmix_v4.so", "pmix2/lib/libpmix.so")
ENDED = ("COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL", "OUT_OF_MEMORY", "DEADLINE")
SYSTEM_PATH = os.environ["PATH"] + ":/usr/sbin:/sbin"

CONFIGURATION = """\
ClusterName=parlando
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={port}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
# A requeued job waits until its old credentials have expired: 121 s by default, at least 5.
AuthInfo=socket={base}/munge/socket,cred_expire=5
StateSaveLocation={base}/state
SlurmctldPidFile={base}/run/slurmctld.pid
SlurmctldLogFile={base}/log/slurmctld.log
SlurmdSpoolDir={base}/spool/%n
SlurmdPidFile={base}/run/slurmd-%n.pid
SlurmdLogFile={base}/log/slurmd-%n.log
# Without it all nodes' PMIx plugins want the same folder in /tmp.
TmpFS={base}/tmp/%n
TaskProlog={base}/taskprolog.sh
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
MailProg=/bin/true
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
# Nodes may claim more cores than the host has.
SlurmdParameters=config_overrides
# Small, so that a sweep of the tests needs several array jobs.
MaxArraySize=9
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=1,bf_interval=1,batch_sched_delay=0,sched_min_interval=100000
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
SlurmctldParameters=preempt_send_user_signal
JobRequeue=1
ReturnToService=2
KillWait=5
SlurmctldTimeout=30
SlurmdTimeout={slurmd_timeout}
GresTypes=gpu
NodeName=n[1-{nodes}] NodeHostname={host} NodeAddr=127.0.0.1 Port=[{first}-{last}] CPUs={cpus} Sockets=1 \
CoresPerSocket={cpus} ThreadsPerCore=1 RealMemory=8000 Gres=gpu:2 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP PriorityTier=10 PreemptMode=OFF
PartitionName=closed Nodes=ALL State=INACTIVE
PartitionName=scavenge Nodes=ALL MaxTime=INFINITE State=UP PriorityTier=1 PreemptMode=REQUEUE GraceTime=5
"""

# Two ranks of one node find each other by a name in /dev/shm that holds host, job and local rank: nodes that share a
# host would mix them up, so each has a folder of its own. What a task prolog prints becomes the task's environment.
TASK_PROLOG = """\
#!/bin/sh
echo "export OMPI_MCA_btl_vader_backing_directory={base}/tmp/$SLURMD_NODENAME"
"""


def missing():
    """Why no SLURM can be started here; None if it can."""
    if os.geteuid() != 0:
        return "SLURM's daemons are started by root"
    for program in PROGRAMS:
        if shutil.which(program, path=SYSTEM_PATH) is None:
            return f"no {program} (packages slurmctld, slurmd, slurm-client, munge)"
    for library in PMIX:
        if not any(pathlib.Path("/usr/lib").glob(f"*/{library}")):
            return f"no {library} (packages slurm-wlm-basic-plugins, libpmix-dev)"
    return None


def end_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def free_ports(count):
    """The first of `count` free ports in a row, below those that the system gives to clients."""
    for _ in range(100):
        first = random.randrange(20000, 31000 - count)
        try:
            for port in range(first, first + count):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
            return first
        except OSError:
            continue
    raise RuntimeError("no free ports")


def wait_until(condition, seconds, what):
    """Returns the first true value of `condition`."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not within {seconds} s")
        time.sleep(0.1)


class Cluster:
    def __init__(self, nodes=10, cpus=4, slurmd_timeout=15):
        self.base = pathlib.Path(tempfile.mkdtemp(prefix="parlando-slurm-"))
        self.node_names = [f"n{i + 1}" for i in range(nodes)]
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith(("SLURM_", "OMPI_", "PMIX_"))}
        self.environment.update(PATH=SYSTEM_PATH, SLURM_CONF=str(self.base / "slurm.conf"))
        self._free = set(self.node_names)
        self._changed = threading.Condition()
        self._daemons = {}
        port = free_ports(nodes + 1)
        names = dict(host=socket.gethostname().split(".")[0], base=self.base, port=port, first=port + 1,
                     last=port + nodes, nodes=nodes, cpus=cpus, slurmd_timeout=slurmd_timeout)
        for folder in ("state", "log", "run", "munge", *(f"{k}/{n}" for k in ("spool", "tmp") for n in self.node_names)):
            (self.base / folder).mkdir(parents=True)
        (self.base / "slurm.conf").write_text(CONFIGURATION.format(**names))
        # Pretended GPUs: the files have to exist and are never opened.
        (self.base / "gres.conf").write_text("Name=gpu File=/dev/null\nName=gpu File=/dev/zero\n")
        prolog = self.base / "taskprolog.sh"
        prolog.write_text(TASK_PROLOG.format(**names))
        prolog.chmod(0o755)
        key = self.base / "munge" / "key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o400)
        self.base.chmod(0o755)
        (self.base / "munge").chmod(0o755)

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        munge = self.base / "munge"
        self._daemon("munged", "munged", "--foreground", f"--key-file={munge}/key", f"--socket={munge}/socket",
                     f"--pid-file={munge}/pid", f"--log-file={munge}/log", f"--seed-file={munge}/seed")
        wait_until((munge / "socket").exists, 10, "munged")
        self._daemon("slurmctld", "slurmctld", "-D", "-c")
        for node in self.node_names:
            self.start_slurmd(node)
        try:
            wait_until(lambda: self.idle_nodes() == len(self.node_names), 30, "all nodes idle")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.logs()}") from None

    def stop(self):
        """Ends all jobs, then the daemons, then what a killed slurmd left behind; only processes of this cluster."""
        if self._running("slurmctld"):
            with contextlib.suppress(Exception):
                self.client("scancel", "--user=root", "--full")
                wait_until(lambda: not self.client("squeue", "-h").stdout.strip(), 15, "an empty queue")
        for name in reversed(list(self._daemons)):
            self._end(name, signal.SIGTERM)
        for pid in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        shutil.rmtree(self.base, ignore_errors=True)

    def _daemon(self, name, *command):
        with open(self.base / "log" / f"{name}.out", "ab") as out:
            self._daemons[name] = subprocess.Popen(command, env=self.environment, stdin=subprocess.DEVNULL, stdout=out,
                                                   stderr=out, preexec_fn=end_with_parent)

    def _running(self, name):
        return name in self._daemons and self._daemons[name].poll() is None

    def _end(self, name, how):
        daemon = self._daemons.pop(name)
        daemon.send_signal(how)
        try:
            daemon.wait(10)
        except subprocess.TimeoutExpired:
            daemon.kill()
            daemon.wait()

    def start_slurmd(self, node):
        self._daemon(node, "slurmd", "-D", "-N", node)

    def kill_slurmd(self, node):
        """As if the node's daemon had crashed: its jobs' tasks go on."""
        self._end(node, signal.SIGKILL)

    def processes(self):
        """Everything that was started with this cluster's configuration, daemons included."""
        mark = f"SLURM_CONF={self.base}/slurm.conf".encode()
        found = []
        for folder in pathlib.Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if mark in (folder / "environ").read_bytes().split(b"\0"):
                    found.append(int(folder.name))
        return found

    def idle_nodes(self):
        out = self.client("sinfo", "-h", "-p", "main", "-t", "idle", "-o", "%D").stdout.strip()
        return int(out) if out.isdigit() else 0

    def logs(self):
        return "\n".join(f"== {path.name}\n{path.read_text()[-2000:]}" for path in (self.base / "log").iterdir())

    @contextlib.contextmanager
    def nodes(self, count):
        """Names of nodes that no other caller has; waits until so many are free."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._free) >= count)
            taken = sorted(self._free, key=self.node_names.index)[:count]
            self._free.difference_update(taken)
        try:
            yield taken
        finally:
            with self._changed:
                self._free.update(taken)
                self._changed.notify_all()

    def client(self, *command, **environment):
        """One of SLURM's commands, or a shell that calls them."""
        return subprocess.run([str(word) for word in command], env={**self.environment, **environment},
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)

    def submit(self, script, *options, arguments=(), **environment):
        """sbatch; returns the job's id."""
        texts = {name: str(value) for name, value in environment.items()}
        done = self.client("sbatch", "--parsable", *options, script, *arguments, **texts)
        if done.returncode != 0:
            raise AssertionError(f"sbatch {script}: {done.stderr}")
        return done.stdout.strip()

    def show(self, job):
        """The controller's fields of a job or of "4711_2"."""
        text = self.client("scontrol", "--oneliner", "show", "job", job).stdout
        return dict(word.split("=", 1) for word in text.split() if "=" in word)

    def wait_for_state(self, job, states, seconds=60):
        """The job's fields once its state is one of `states`."""

        def reached():
            fields = self.show(job)
            return fields if fields.get("JobState") in states else None

        try:
            return wait_until(reached, seconds, f"job {job} {'/'.join(states)}")
        except AssertionError as error:
            raise AssertionError(f"{error}; it is {self.show(job)}") from None

    def wait(self, job, seconds=120):
        return self.wait_for_state(job, ENDED, seconds)
