package io.millrace.app.demo;

import io.millrace.app.console.Format;
import io.millrace.app.narration.EventLines;
import io.millrace.schemas.CheckpointAnnouncement;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/** Test-then-train accuracy over the whole stream, at its end. */
final class ClosingTable {

    private static final String NONE = "-";

    private ClosingTable() {}

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
            Double accuracy = checkpoint.training().get(EventLines.PREQUENTIAL_ACCURACY);
            if (accuracy != null) {
                (examples <= examplesBeforeShift ? before : after).add(accuracy);
                all.add(accuracy);
            }
        }
        String lowest = after.isEmpty() ? NONE : Format.percent(Collections.min(after));
        return "before the shift " + last(before) + ", lowest after it " + lowest + ", at the end " + last(all);
    }

    private static String last(List<Double> accuracies) {
        return accuracies.isEmpty() ? NONE : Format.percent(accuracies.get(accuracies.size() - 1));
    }
}
