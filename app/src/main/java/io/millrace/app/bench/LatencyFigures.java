package io.millrace.app.bench;

import io.millrace.app.console.Format;
import io.millrace.app.console.Table;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

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
 * @param verdicts the verdicts of that time
 */
public record LatencyFigures(
        @Nullable Double capacity,
        double rate,
        double seconds,
        int checkpoints,
        int promoted,
        double evaluationSeconds,
        @Nullable Long peakMiB,
        List<StageLatency> stages,
        List<TimedVerdict> verdicts) {

    public LatencyFigures {
        stages = List.copyOf(stages);
        verdicts = List.copyOf(verdicts);
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
        verdicts.stream()
                .collect(Collectors.groupingBy(TimedVerdict::assessment, TreeMap::new, Collectors.toList()))
                .forEach((assessment, of) -> lines.add(Format.text(
                        "%d %s, the last: %s",
                        of.size(), assessment, of.get(of.size() - 1).reasons().get(0))));
        if (peakMiB != null) {
            lines.add(Format.text("peak memory %,d MiB", peakMiB));
        }
        return lines;
    }

    private static String seconds(@Nullable Double value) {
        return value == null ? "-" : Format.text("%.2f", value);
    }
}
