package io.millrace.app.demo;

import io.millrace.app.console.Table;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.ProbeScore;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The scores of the whole stream, at its end. */
final class ClosingTable {

    private static final String NONE = "-";

    private ClosingTable() {}

    /**
     * One row per probe set: its first, best and last accuracy.
     *
     * @param evaluations the scores of each evaluated checkpoint, oldest first
     */
    static Table scores(Collection<List<ProbeScore>> evaluations) {
        Map<String, List<ProbeScore>> byProbeSet = new LinkedHashMap<>();
        evaluations.stream()
                .flatMap(List::stream)
                .sorted(Comparator.comparing(score -> score.probeSet().distribution()))
                .forEach(score -> byProbeSet
                        .computeIfAbsent(score.probeSet().name(), name -> new ArrayList<>())
                        .add(score));
        List<List<String>> rows = new ArrayList<>();
        byProbeSet.forEach((name, scores) -> rows.add(List.of(
                name,
                scores.get(0).probeSet().distribution() == Distribution.IN_DISTRIBUTION ? "in" : "out",
                DemoLines.percent(scores.get(0).accuracy()),
                DemoLines.percent(
                        scores.stream().mapToDouble(ProbeScore::accuracy).max().orElse(0)),
                DemoLines.percent(scores.get(scores.size() - 1).accuracy()))));
        return new Table(List.of("probe set", "distribution", "first", "best", "final"), rows);
    }

    /**
     * Test-then-train accuracy before the shift of the stream, at its lowest after it, and at the end, each over the
     * examples of one checkpoint.
     *
     * @param checkpoints the announcements, oldest first
     * @param examplesBeforeShift how many examples come before the shift
     */
    static String prequentialAccuracy(Collection<CheckpointAnnouncement> checkpoints, long examplesBeforeShift) {
        List<Double> before = new ArrayList<>();
        List<Double> after = new ArrayList<>();
        List<Double> all = new ArrayList<>();
        long examples = 0;
        for (CheckpointAnnouncement checkpoint : checkpoints) {
            examples += checkpoint.examples();
            Double accuracy = checkpoint.training().get(DemoLines.PREQUENTIAL_ACCURACY);
            if (accuracy != null) {
                (examples <= examplesBeforeShift ? before : after).add(accuracy);
                all.add(accuracy);
            }
        }
        String lowest = after.isEmpty() ? NONE : DemoLines.percent(Collections.min(after));
        return "before the shift " + last(before) + ", lowest after it " + lowest + ", at the end " + last(all);
    }

    private static String last(List<Double> accuracies) {
        return accuracies.isEmpty() ? NONE : DemoLines.percent(accuracies.get(accuracies.size() - 1));
    }
}
