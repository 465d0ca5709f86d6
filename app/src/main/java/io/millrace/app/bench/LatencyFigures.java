package io.millrace.app.bench;

import io.millrace.app.console.Format;
import io.millrace.app.console.Table;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * From producing an example to a model that was trained on it.
 *
 * @param capacity examples that the trainer takes per second while the evaluator works; absent if the rate was given
 * @param rate examples sent per second
 * @param seconds how long they were sent
 * @param checkpoints announced in that time and until the last example was in a model
 * @param promoted how many of them were promoted
 * @param evaluationSeconds mean time of a verdict, from staging the checkpoint
 * @param peakMiB peak of the resident memory of broker, services and producer in their one process; absent if unknown
 * @param stages {@code trained}, {@code checkpoint} and {@code promoted}
 */
public record LatencyFigures(
        @Nullable Double capacity,
        double rate,
        double seconds,
        int checkpoints,
        int promoted,
        double evaluationSeconds,
        @Nullable Long peakMiB,
        List<StageLatency> stages) {

    public LatencyFigures {
        stages = List.copyOf(stages);
    }

    /** The figures for the console. */
    public List<String> lines() {
        List<List<String>> rows = new ArrayList<>();
        for (StageLatency stage : stages) {
            rows.add(List.of(
                    stage.stage(),
                    Format.text("%,d", stage.examples()),
                    Format.text("%,d", stage.missing()),
                    seconds(stage.p50Seconds()),
                    seconds(stage.p99Seconds())));
        }
        List<String> lines = new ArrayList<>(
                new Table(List.of("produced to", "examples", "not there", "p50 s", "p99 s"), rows).lines());
        lines.add("");
        lines.add((capacity == null ? "" : Format.text("capacity %.1f examples/s, ", capacity))
                + Format.text("sent %.1f examples/s for %.0f s", rate, seconds));
        lines.add(Format.text(
                "%d checkpoints, %d promoted, %.2f s per verdict", checkpoints, promoted, evaluationSeconds));
        if (peakMiB != null) {
            lines.add(Format.text("peak memory %,d MiB", peakMiB));
        }
        return lines;
    }

    private static String seconds(@Nullable Double value) {
        return value == null ? "-" : Format.text("%.2f", value);
    }
}
