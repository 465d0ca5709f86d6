package io.millrace.trainer.drift;

import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.Task;
import io.millrace.schemas.TaskKind;
import io.millrace.trainer.config.DriftConfig;
import io.millrace.trainer.config.DriftDetector;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.config.TrainingConfigs;
import io.millrace.trainer.config.WatchedMetric;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tasks whose streams are watched for drift, and runs of watches over streams. */
public final class DriftTasks {

    /** A small window, reference and cooldown, so that few examples are enough. */
    public static final DriftConfig SMALL =
            new DriftConfig(50, 0.2, DriftDetector.E_DETECTOR, 1_000L, Map.of(), null, 200, 100, 3);

    private DriftTasks() {}

    /** A classifier. */
    public static TrainedTask task(DriftConfig drift) {
        return new TrainedTask(
                new Task("intent", TaskKind.SINGLE, List.of("label-0", "label-1"), 1_000),
                TrainingConfigs.plain(Path.of("encoder")).withDrift(drift).build());
    }

    /** The defaults with one detector of errors, and only these metrics. */
    public static DriftConfig only(DriftDetector detector, WatchedMetric... metrics) {
        Map<String, Long> settings = new HashMap<>();
        for (WatchedMetric metric : WatchedMetric.values()) {
            settings.put(metric.wireName(), List.of(metrics).contains(metric) ? 10_000L : 0L);
        }
        return new DriftConfig(null, null, detector, null, settings, null, null, null, null);
    }

    /** Notes that a checkpoint contains everything so far. */
    public static void checkpoint(StreamDrift watch) {
        watch.checkpointed();
    }

    /** The events of the next examples of a stream, one checkpoint per {@code batch} of them. */
    static List<DriftEvent> run(StreamDrift watch, SyntheticStream stream, int examples, int batch) {
        List<DriftEvent> events = new ArrayList<>();
        for (int i = 0; i < examples; i += batch) {
            events.addAll(watch.add(3, i / batch, stream.next(batch)));
            watch.checkpointed();
        }
        return events;
    }
}
