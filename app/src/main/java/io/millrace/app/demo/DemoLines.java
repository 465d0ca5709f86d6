package io.millrace.app.demo;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.ProbeScore;

import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The line of plain ASCII that the demo prints for each event. */
final class DemoLines {

    /** Key of test-then-train accuracy in an announcement. */
    static final String PREQUENTIAL_ACCURACY = "prequentialAccuracy";

    /** Suffix of the names of loss terms in an announcement. */
    private static final String LOSS = "Loss";

    private static final int BAR_WIDTH = 30;

    private DemoLines() {}

    /**
     * A checkpoint was written.
     *
     * @param examples how many examples it and those before it were trained on
     */
    static String checkpoint(CheckpointAnnouncement announcement, long examples) {
        StringBuilder line = new StringBuilder();
        line.append(format(
                "checkpoint  step %5d  %,7d examples ",
                announcement.checkpoint().step(), examples));
        new TreeMap<>(announcement.training()).forEach((name, value) -> {
            if (name.endsWith(LOSS)) {
                line.append(format("  %s %.4f", name.substring(0, name.length() - LOSS.length()), value));
            }
        });
        Double accuracy = announcement.training().get(PREQUENTIAL_ACCURACY);
        if (accuracy != null) {
            line.append("  test-then-train ").append(percent(accuracy));
        }
        return line.toString();
    }

    /** The evaluator has judged a checkpoint. */
    static String modelUpdate(ModelUpdate update) {
        String assessment =
                update.assessment() == null ? "" : update.assessment().wireName() + ": ";
        String reasons =
                update.reasons().isEmpty() ? "" : "  (" + assessment + String.join("; ", update.reasons()) + ")";
        return format(
                        "%-11s step %5d",
                        update.verdict().wireName(), update.model().checkpoint().step())
                + scores(update.scores(), Distribution.IN_DISTRIBUTION, "  in: ")
                + scores(update.scores(), Distribution.OUT_OF_DISTRIBUTION, "  out: ")
                + reasons;
    }

    /** A metric drifts, or has recovered. */
    static String drift(DriftEvent event) {
        return format(
                "drift       step %5d  %s %s: %.3f, reference %.3f",
                event.step(),
                event.metric(),
                event.phase().wireName(),
                event.reading().value(),
                event.reading().reference());
    }

    /**
     * How far the stream has come.
     *
     * @param trained examples trained
     * @param total examples in the stream
     * @param perSecond how many are trained per second; 0 if not known yet
     */
    static String progress(long trained, long total, double perSecond) {
        long done = Math.min(trained, total);
        int filled = total == 0 ? BAR_WIDTH : (int) (BAR_WIDTH * done / total);
        String bar = "#".repeat(filled) + ".".repeat(BAR_WIDTH - filled);
        String speed = perSecond > 0
                ? format("  %.0f/s, %s left", perSecond, duration(Math.round((total - done) / perSecond)))
                : "";
        return format("[%s] %,d of %,d examples", bar, done, total) + speed;
    }

    /** A share as a percentage. */
    static String percent(double share) {
        return format("%.1f %%", 100 * share);
    }

    /** Seconds as minutes and seconds. */
    static String duration(long seconds) {
        return format("%d:%02d", seconds / 60, seconds % 60);
    }

    static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    private static String scores(List<ProbeScore> scores, Distribution distribution, String title) {
        String shown = scores.stream()
                .filter(score -> score.probeSet().distribution() == distribution)
                .map(score -> score.probeSet().name() + " " + percent(score.accuracy()))
                .collect(Collectors.joining(", "));
        return shown.isEmpty() ? "" : title + shown;
    }
}
