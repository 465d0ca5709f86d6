package io.millrace.app.narration;

import io.millrace.app.console.Format;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.ModelRequest;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.ProbeScore;
import io.millrace.schemas.Reaction;
import io.millrace.schemas.RequestOutcome;
import io.millrace.schemas.text.LogSafe;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The lines that the console shows for an event, the same wherever it comes from. Foreign text in them is on one line, with control
 * characters as escapes.
 */
public final class EventLines {

    /** Key of test-then-train accuracy in an announcement. */
    public static final String PREQUENTIAL_ACCURACY = "prequentialAccuracy";

    /** Suffix of the names of loss terms in an announcement. */
    private static final String LOSS = "Loss";

    private static final int MAX_PROBE_SETS = 6;
    private static final int MAX_CHARS = 1000;

    private final boolean namesTask;

    /**
     * The lines of one process.
     *
     * @param namesTask whether each line names its task, because there are several
     */
    public EventLines(boolean namesTask) {
        this.namesTask = namesTask;
    }

    /**
     * A checkpoint was written.
     *
     * @param examples how many examples, in words
     */
    public List<String> checkpoint(CheckpointAnnouncement announcement, String examples) {
        List<String> lines = new ArrayList<>();
        for (Reaction reaction : announcement.reactions() == null ? List.<Reaction>of() : announcement.reactions()) {
            lines.add(line(
                    "policy",
                    announcement.checkpoint().task(),
                    announcement.checkpoint().step(),
                    reaction.action().wireName() + ", in answer to a "
                            + reaction.cause().wireName()));
        }
        StringBuilder rest = new StringBuilder(examples).append(' ');
        new TreeMap<>(announcement.training()).forEach((name, value) -> {
            if (name.endsWith(LOSS)) {
                rest.append(Format.text("  %s %.4f", name.substring(0, name.length() - LOSS.length()), value));
            }
        });
        Double accuracy = announcement.training().get(PREQUENTIAL_ACCURACY);
        if (accuracy != null) {
            rest.append("  test-then-train ").append(Format.percent(accuracy));
        }
        lines.add(line(
                "checkpoint",
                announcement.checkpoint().task(),
                announcement.checkpoint().step(),
                rest.toString()));
        return lines;
    }

    /** A verdict on a checkpoint, with its scores and the reason. */
    public List<String> modelUpdate(ModelUpdate update) {
        String assessment =
                update.assessment() == null ? "" : update.assessment().wireName() + ": ";
        String reasons =
                update.reasons().isEmpty() ? "" : "  (" + assessment + String.join("; ", update.reasons()) + ")";
        String scores = scores(update.scores(), Distribution.IN_DISTRIBUTION, "  in: ")
                + scores(update.scores(), Distribution.OUT_OF_DISTRIBUTION, "  out: ");
        return List.of(line(
                update.verdict().wireName(),
                update.model().checkpoint().task(),
                update.model().checkpoint().step(),
                (scores + reasons).strip()));
    }

    /** A metric drifts, or has recovered; with the words and an example that show it, where there are any. */
    public List<String> drift(DriftEvent event) {
        List<String> lines = new ArrayList<>();
        DriftEvent.Episode episode = event.episode();
        String severity = episode == null ? "" : " (" + severity(episode) + ")";
        lines.add(line(
                "drift",
                event.task(),
                event.step(),
                Format.text(
                        "%s %s%s: %.3f, reference %.3f",
                        event.metric(),
                        event.phase().wireName(),
                        severity,
                        event.reading().value(),
                        event.reading().reference())));
        if (episode != null && episode.words() != null && !episode.words().isEmpty()) {
            lines.add(more("more frequent now: " + String.join(", ", episode.words())));
        }
        if (episode != null && episode.examples() != null && !episode.examples().isEmpty()) {
            DriftEvent.ShownExample shown = episode.examples().get(0);
            lines.add(more("for example \"" + shown.text() + "\" (" + shown.label() + ")"));
        }
        return lines;
    }

    /** What became of a request by hand. */
    public List<String> request(RequestOutcome outcome) {
        ModelRequest request = outcome.request();
        String reasons = outcome.reasons().isEmpty() ? "" : ": " + String.join("; ", outcome.reasons());
        return List.of(line(
                "by hand",
                request.task(),
                null,
                request.action().wireName() + (request.checkpoint() == null ? "" : " " + request.checkpoint()) + " by "
                        + request.by() + " " + outcome.result().wireName() + reasons));
    }

    private String line(String what, String task, @Nullable Long step, String rest) {
        String at = step == null ? "" : Format.text("step %5d  ", step);
        return LogSafe.line(Format.text("%-11s ", what) + (namesTask ? task + "  " : "") + at + rest, MAX_CHARS)
                .stripTrailing();
    }

    private static String more(String text) {
        return LogSafe.line(" ".repeat(12) + text, MAX_CHARS);
    }

    private static String scores(List<ProbeScore> scores, Distribution distribution, String title) {
        List<String> shown = scores.stream()
                .filter(score -> score.probeSet().distribution() == distribution)
                .map(score -> score.probeSet().name() + " " + Format.percent(score.accuracy()))
                .toList();
        if (shown.isEmpty()) {
            return "";
        }
        String more = shown.size() > MAX_PROBE_SETS ? " and " + (shown.size() - MAX_PROBE_SETS) + " more" : "";
        return title + shown.stream().limit(MAX_PROBE_SETS).collect(Collectors.joining(", ")) + more;
    }

    private static String severity(DriftEvent.Episode episode) {
        return episode.severity() == DriftEvent.Severity.MAJOR ? "major" : "minor";
    }
}
