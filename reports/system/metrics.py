"""The metrics of the installation (Prometheus), worked out from database and disk when they are asked for.

Nothing is counted in the processes, so that it does not matter how many there are or which of them answers.
"""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.registry import Collector

from reports.system.queues import Waiting
from reports.system.state import FAILED_LEVELS, QUEUE_AGES, Level, SystemState, read_system_state

LEVEL_NUMBERS = {Level.OK: 0, Level.WARN: 1, Level.FAIL: 2}


def metrics_text() -> bytes:
    """All metrics in the text format of Prometheus."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_StateCollector(read_system_state()))
    return generate_latest(registry)


class _StateCollector(Collector):
    """The gauges of one state."""

    def __init__(self, state: SystemState) -> None:
        self.state = state

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Every gauge with its values."""
        state = self.state
        ages = {kind: (state.now - at).total_seconds() for kind, at in state.heartbeats.items()}
        yield _gauge("dgready_heartbeat_age_seconds", "Age of the last sign of life.", "process", ages)
        waiting = {name: float(queue.count) for name, queue in _queues(state).items()}
        yield _gauge("dgready_queue_waiting", "What waits in a queue.", "queue", waiting)
        oldest = {name: queue.age(state.now).total_seconds() for name, queue in _queues(state).items()}
        yield _gauge("dgready_queue_oldest_seconds", "How long the oldest has waited.", "queue", oldest)
        counts = {name: state.queues.get(name, Waiting()).count for name in FAILED_LEVELS}
        yield GaugeMetricFamily("dgready_letters_given_up", "Letters that are not sent.", counts["given_up"])
        missing = "Stored files known as missing or altered."
        yield GaugeMetricFamily("dgready_file_faults", missing, counts["file_faults"])
        yield GaugeMetricFamily("dgready_files_infected", "Stored files with a virus.", counts["infected"])
        free = {name: float(disk.free) for name, disk in state.disks.items()}
        yield _gauge("dgready_disk_free_bytes", "Free space on a local disk.", "disk", free)
        size = {name: float(disk.size) for name, disk in state.disks.items()}
        yield _gauge("dgready_disk_size_bytes", "Size of a local disk.", "disk", size)
        yield from self._runs()
        levels = {part.key: float(LEVEL_NUMBERS[part.level]) for part in state.parts}
        yield _gauge("dgready_part_level", "Level of a part: 0 ok, 1 warn, 2 fail.", "part", levels)

    def _runs(self) -> Iterator[GaugeMetricFamily]:
        runs, good = self.state.runs, self.state.good_runs
        ended = {kind: run.ended_at.timestamp() for kind, run in runs.items()}
        yield _gauge("dgready_last_run_timestamp_seconds", "End of the last run.", "kind", ended)
        well = {kind: run.ended_at.timestamp() for kind, run in good.items()}
        yield _gauge("dgready_last_good_run_timestamp_seconds", "End of the last run that went well.", "kind", well)
        yield _gauge("dgready_last_run_ok", "Whether it went well.", "kind", {k: float(r.ok) for k, r in runs.items()})
        lasted = {kind: (run.ended_at - run.started_at).total_seconds() for kind, run in runs.items()}
        yield _gauge("dgready_last_run_seconds", "How long it took.", "kind", lasted)
        faults = {p.key: float(p.number) for p in self.state.parts if p.key in runs}
        yield _gauge("dgready_last_run_faults", "Faults that it found.", "kind", faults)


def _queues(state: SystemState) -> dict[str, Waiting]:
    return {name: state.queues.get(name, Waiting()) for name in QUEUE_AGES}


def _gauge(name: str, text: str, label: str, values: dict[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family
