package io.millrace.app.cli;

import io.millrace.app.console.Table;
import io.millrace.ingest.file.LineCheck;
import io.millrace.ingest.file.LineFault;
import io.millrace.ingest.file.LineSource;
import io.millrace.schemas.text.LogSafe;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What would be rejected of one or more files: how many lines for which reason, and the first of each. */
final class DryRun {

    private static final int MAX_SHOWN_CHARS = 300;

    private final Map<String, Rejections> byReason = new TreeMap<>();
    private long read;

    /** Of one reason. */
    private record Rejections(long count, String first) {

        Rejections plusOne() {
            return new Rejections(count + 1, first);
        }
    }

    /** Reads up to {@code most} lines and counts those that have a fault. */
    void read(LineSource lines, LineCheck check, long most) throws IOException {
        long before = read;
        for (byte[] line = next(lines, read - before, most); line != null; line = next(lines, read - before, most)) {
            read++;
            byte[] here = line;
            String position = lines.position();
            lines.fault().or(() -> check.fault(here)).ifPresent(fault -> add(position, fault));
        }
    }

    private static byte @Nullable [] next(LineSource lines, long done, long most) throws IOException {
        return done >= most ? null : lines.next();
    }

    /** How many lines were read. */
    long read() {
        return read;
    }

    private void add(String position, LineFault fault) {
        byReason.merge(
                fault.reason(),
                new Rejections(1, LogSafe.line(position + ": " + fault.detail(), MAX_SHOWN_CHARS)),
                (before, added) -> before.plusOne());
    }

    /**
     * The table as JSON.
     *
     * @param read how many lines were read
     * @param accepted how many of them would be accepted
     * @param rejected how many would be rejected
     * @param reasons one entry per reason, the most frequent first
     */
    record Answer(long read, long accepted, long rejected, List<Reason> reasons) {}

    /**
     * A reason.
     *
     * @param reason its word
     * @param lines how many lines would be rejected for it
     * @param first the first of them: its place and its fault
     */
    record Reason(String reason, long lines, String first) {}

    /** The table as JSON. */
    Answer answer() {
        return new Answer(read, read - rejected(), rejected(), reasons());
    }

    private List<Reason> reasons() {
        return byReason.entrySet().stream()
                .map(entry -> new Reason(
                        entry.getKey(),
                        entry.getValue().count(),
                        entry.getValue().first()))
                .sorted(Comparator.comparingLong(Reason::lines).reversed())
                .toList();
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
        List<List<String>> rows = reasons().stream()
                .map(reason ->
                        List.of(reason.reason(), String.format(Locale.ROOT, "%,d", reason.lines()), reason.first()))
                .toList();
        return new Table(List.of("reason", "lines", "the first"), rows).lines();
    }
}
