package io.millrace.app.rejected;

import io.millrace.app.console.Table;
import io.millrace.schemas.text.LogSafe;

import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A replay on the console. */
public final class ReplayLines {

    private static final int MAX_ROWS = 50;
    private static final int MAX_ID_CHARS = 40;
    private static final int MAX_VALUE_CHARS = 160;
    private static final int MAX_CUT_SHOWN = 10;

    private ReplayLines() {}

    /** A row per record, then what was left out and why, and the count last. */
    public static List<String> of(Replay replay) {
        List<String> lines = new ArrayList<>();
        if (!replay.records().isEmpty()) {
            lines.addAll(new Table(
                            List.of("rejected at", "reason", "came from", "id", "value"),
                            replay.records().stream()
                                    .limit(MAX_ROWS)
                                    .map(ReplayLines::row)
                                    .toList())
                    .lines());
            if (replay.records().size() > MAX_ROWS) {
                lines.add("and " + count(replay.records().size() - MAX_ROWS) + " more: --json shows all");
            }
        }
        if (replay.replayed() > 0) {
            lines.add(count(replay.replayed()) + " were sent by an earlier replay");
        }
        if (!replay.rejectedAgain().isEmpty()) {
            lines.add("left out, because ingest would reject them again: " + counts(replay.rejectedAgain()));
        }
        if (!replay.undecided().isEmpty()) {
            lines.add("left out, because only the stream shows whether they are accepted now: "
                    + counts(replay.undecided()) + ". To send them, name the reason with --reason");
        }
        if (!replay.elsewhere().isEmpty()) {
            lines.add("left out, because they did not come from the topic examples: " + counts(replay.elsewhere()));
        }
        if (!replay.cut().isEmpty()) {
            lines.add("cannot be sent, because only their beginning was kept; send them again from "
                    + replay.cut().stream()
                            .limit(MAX_CUT_SHOWN)
                            .map(Replay.Place::toString)
                            .collect(Collectors.joining(", "))
                    + (replay.cut().size() > MAX_CUT_SHOWN
                            ? " and " + count(replay.cut().size() - MAX_CUT_SHOWN) + " more: see --json"
                            : ""));
        }
        if (replay.left() > 0) {
            lines.add(count(replay.left()) + " more are left for the next replay: see --limit");
        }
        lines.add(
                replay.dryRun()
                        ? "would send " + count(replay.records().size()) + " records of task " + replay.task()
                                + "; nothing was sent"
                        : "sent " + count(replay.records().size()) + " records of task " + replay.task());
        return lines;
    }

    private static List<String> row(Replay.Sent sent) {
        return List.of(
                sent.rejectedAt().truncatedTo(ChronoUnit.SECONDS).toString(),
                LogSafe.line(sent.reason(), MAX_ID_CHARS),
                LogSafe.line(sent.origin().toString(), MAX_VALUE_CHARS),
                sent.id() == null ? "-" : LogSafe.line(sent.id(), MAX_ID_CHARS),
                LogSafe.line(sent.value(), MAX_VALUE_CHARS));
    }

    private static String counts(Map<String, Long> counts) {
        return LogSafe.line(
                new TreeMap<>(counts)
                        .entrySet().stream()
                                .map(entry -> entry.getKey() + " " + count(entry.getValue()))
                                .collect(Collectors.joining(", ")),
                400);
    }

    private static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }
}
