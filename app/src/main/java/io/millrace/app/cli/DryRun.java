package io.millrace.app.cli;

import io.millrace.app.console.Table;
import io.millrace.ingest.file.LineFault;
import io.millrace.schemas.text.LogSafe;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What would be rejected of a file: how many lines for which reason, and the first of each. */
final class DryRun {

    private static final int MAX_SHOWN_CHARS = 300;

    private final Map<String, Rejections> byReason = new TreeMap<>();

    /** Of one reason. */
    private record Rejections(long count, String first) {

        Rejections plusOne() {
            return new Rejections(count + 1, first);
        }
    }

    /** Counts one that would be rejected. */
    void add(String position, LineFault fault) {
        byReason.merge(
                fault.reason(),
                new Rejections(1, LogSafe.line(position + ": " + fault.detail(), MAX_SHOWN_CHARS)),
                (before, added) -> before.plusOne());
    }

    /** How many would be rejected. */
    long rejected() {
        return byReason.values().stream().mapToLong(Rejections::count).sum();
    }

    /** A table of the reasons, the most frequent first; empty if nothing would be rejected. */
    List<String> lines() {
        if (byReason.isEmpty()) {
            return List.of();
        }
        List<List<String>> rows = new ArrayList<>();
        byReason.entrySet().stream()
                .sorted(Comparator.comparingLong((Map.Entry<String, Rejections> reason) ->
                                reason.getValue().count())
                        .reversed())
                .forEach(reason -> rows.add(List.of(
                        reason.getKey(),
                        String.format(Locale.ROOT, "%,d", reason.getValue().count()),
                        reason.getValue().first())));
        return new Table(List.of("reason", "lines", "the first"), rows).lines();
    }
}
