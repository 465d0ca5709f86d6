package io.millrace.app.top;

import io.millrace.app.console.Table;
import io.millrace.app.page.view.PageState;
import io.millrace.schemas.text.LogSafe;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The state of a process as lines for a terminal. Everything that comes from records is made safe to print. */
public final class TopFrame {

    private static final int SHOWN_CHECKPOINTS = 8;
    private static final int SHOWN_EPISODES = 3;
    private static final int SHOWN_REASONS = 5;
    private static final int SHOWN_PROBE_SETS = 4;
    private static final int MAX_NAME_CHARS = 24;
    private static final int MAX_LINE_CHARS = 200;
    private static final String LOSS = "Loss";

    private TopFrame() {}

    /** The lines, at most {@code width} characters each. */
    public static List<String> of(PageState state, int width) {
        List<String> lines = new ArrayList<>();
        PageState.Task task = state.task();
        lines.add("millrace " + name(state.service()) + "  task " + name(task.name()) + others(state) + "  up "
                + duration(Duration.between(state.started(), state.now())));
        state.notes().forEach(note -> lines.add("! " + note));
        lines.add("");
        lines.add(now(task));
        identities(task.figures()).forEach(lines::add);
        lines.add("loss      " + losses(task.training().losses()));
        lines.add("model     " + model(task));
        lines.add("");
        lines.addAll(checkpoints(task));
        lines.add("");
        lines.addAll(drift(task));
        lines.addAll(rejected(task));
        return lines.stream().map(line -> LogSafe.line(line, width)).toList();
    }

    private static String others(PageState state) {
        int others = state.tasks().size() - 1;
        return others == 0 ? "" : " (" + others + " more: --task)";
    }

    private static String now(PageState.Task task) {
        Map<String, Double> figures = task.figures();
        StringBuilder line = new StringBuilder("training  ");
        line.append(text("step %,d", task.training().step()));
        line.append(
                task.training().accuracy() == null
                        ? ""
                        : "  test-then-train " + percent(task.training().accuracy()));
        append(line, figures, "examplesPerSecond", "  %,.0f examples/s");
        append(line, figures, "stepMillis", "  %,.0f ms per step");
        append(line, figures, "lag", "  lag %,.0f");
        return line.toString();
    }

    private static void append(StringBuilder line, Map<String, Double> figures, String name, String format) {
        Double value = figures.get(name);
        if (value != null) {
            line.append(text(format, value));
        }
    }

    private static List<String> identities(Map<String, Double> figures) {
        List<String> lines = new ArrayList<>();
        if (figures.containsKey("received")) {
            lines.add(
                    "ingest    " + sum(figures, "received", "received", "accepted", "rejected", "duplicate", "joined"));
        }
        if (figures.containsKey("read")) {
            lines.add("trainer   "
                    + sum(figures, "read", "accepted", "trained", "quarantined", "malformed", "released", "pending"));
        }
        return lines;
    }

    /** The whole and its parts; what is in no part yet is under way. Parts that another process has received make no sum. */
    private static String sum(Map<String, Double> figures, String whole, String shown, String... parts) {
        List<String> terms = new ArrayList<>();
        double underWay = figures.getOrDefault(whole, 0.0);
        for (String part : parts) {
            double value = figures.getOrDefault(part, 0.0);
            if (value > 0 || !part.equals("joined")) {
                terms.add(text("%s %,.0f", part, value));
            }
            underWay -= value;
        }
        if (underWay > 0) {
            terms.add(text("under way %,.0f", underWay));
        }
        return text("%s %,.0f", shown, figures.getOrDefault(whole, 0.0))
                + (underWay < 0 ? ", " + String.join(", ", terms) : " = " + String.join(" + ", terms));
    }

    private static String losses(Map<String, Double> losses) {
        return losses.isEmpty()
                ? "waits for the first step"
                : new TreeMap<>(losses)
                        .entrySet().stream()
                                .map(entry ->
                                        text("%s %.4f", name(entry.getKey().replace(LOSS, "")), entry.getValue()))
                                .collect(Collectors.joining("  "));
    }

    private static String model(PageState.Task task) {
        PageState.Checkpoint champion = task.models().champion();
        String current = champion == null
                ? "none is promoted yet"
                : text("step %,d (%s)", champion.step(), LogSafe.line(champion.id(), MAX_NAME_CHARS));
        return current
                + text(
                        ", %,d of %,d checkpoints promoted",
                        task.models().promoted(), task.models().announced())
                + (task.models().hold() == null
                        ? ""
                        : "; on hold: " + LogSafe.line(task.models().hold(), MAX_LINE_CHARS));
    }

    private static List<String> checkpoints(PageState.Task task) {
        if (task.models().checkpoints().isEmpty()) {
            return List.of("no checkpoint yet");
        }
        List<PageState.ProbeSet> sets =
                task.scores().probeSets().stream().limit(SHOWN_PROBE_SETS).toList();
        List<String> header = new ArrayList<>(List.of("step", "verdict"));
        sets.forEach(set -> header.add(name(set.name()) + (set.inDistribution() ? " (in)" : " (out)")));
        header.add("why");
        List<List<String>> rows = new ArrayList<>();
        for (PageState.Checkpoint checkpoint : task.models().checkpoints()) {
            if (rows.size() == SHOWN_CHECKPOINTS) {
                break;
            }
            List<String> row = new ArrayList<>();
            row.add(text("%,d", checkpoint.step()));
            row.add(checkpoint.verdict() == null ? "waits" : checkpoint.verdict());
            for (PageState.ProbeSet set : sets) {
                Double accuracy = checkpoint.scores().get(set.name());
                row.add(accuracy == null ? "-" : percent(accuracy));
            }
            row.add(
                    checkpoint.reasons().isEmpty()
                            ? ""
                            : LogSafe.line(checkpoint.reasons().get(0), MAX_LINE_CHARS));
            rows.add(row);
        }
        return new Table(header, rows).lines();
    }

    private static List<String> drift(PageState.Task task) {
        List<String> lines = new ArrayList<>();
        task.drift().stream()
                .limit(SHOWN_EPISODES)
                .forEach(episode -> lines.add(text(
                        "drift     step %,d%s  %s%s",
                        episode.from(),
                        episode.to() == null ? " on" : text(" to %,d", episode.to()),
                        episode.metrics().stream()
                                .map(metric -> name(metric.name()))
                                .collect(Collectors.joining(", ")),
                        episode.words().isEmpty()
                                ? ""
                                : "  words: " + LogSafe.line(String.join(", ", episode.words()), MAX_LINE_CHARS))));
        return lines.isEmpty() ? List.of("drift     none so far") : lines;
    }

    private static List<String> rejected(PageState.Task task) {
        String reasons = task.rejected().stream()
                .limit(SHOWN_REASONS)
                .map(rejected -> text("%s %,d", name(rejected.reason()), rejected.count()))
                .collect(Collectors.joining("  "));
        return List.of("rejected  " + (reasons.isEmpty() ? "none" : reasons));
    }

    private static String name(String foreign) {
        return LogSafe.line(foreign, MAX_NAME_CHARS);
    }

    private static String percent(double share) {
        return text("%.1f %%", 100 * share);
    }

    private static String duration(Duration duration) {
        Duration whole = duration.truncatedTo(ChronoUnit.SECONDS);
        return text("%d:%02d:%02d", whole.toHours(), whole.toMinutesPart(), whole.toSecondsPart());
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
