package io.millrace.app.rejected;

import io.millrace.app.console.Table;
import io.millrace.schemas.RejectionReason;
import io.millrace.schemas.kafka.RejectedRecords;
import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;

/** Counts the rejected records of a task by their reason, and keeps the newest, however many there are. */
public final class RejectedListing {

    private final String task;
    private final Optional<RejectionReason> reason;
    private final int rows;
    private final Map<String, Long> counts = new TreeMap<>();
    private final PriorityQueue<RejectedRow> newest = new PriorityQueue<>();

    /**
     * An empty listing.
     *
     * @param task only records of this task
     * @param reason only rows with this reason; all reasons are counted
     * @param rows most rows
     */
    public RejectedListing(String task, Optional<RejectionReason> reason, int rows) {
        this.task = task;
        this.reason = reason;
        this.rows = rows;
    }

    /** Takes a record of {@code rejected-examples}. */
    public void add(ConsumerRecord<String, byte[]> record) {
        if (!task.equals(RejectedRecords.taskOf(record.key(), record.headers()))) {
            return;
        }
        String found = RejectedRow.reason(record);
        counts.merge(found, 1L, Long::sum);
        if (reason.isEmpty() || reason.get().wireName().equals(found)) {
            newest.add(RejectedRow.of(record));
            if (newest.size() > rows) {
                newest.remove();
            }
        }
    }

    /**
     * The listing as JSON.
     *
     * @param task the task
     * @param counts how many records, by reason
     * @param newest the newest records, newest first, as rows of the table
     */
    public record Answer(String task, Map<String, Long> counts, List<RejectedRow.Answer> newest) {}

    /** The listing as JSON. */
    public Answer answer() {
        return new Answer(
                task,
                new TreeMap<>(counts),
                newest.stream()
                        .sorted(Comparator.reverseOrder())
                        .map(RejectedRow::answer)
                        .toList());
    }

    /** Lines for the console: the counts, most frequent first, and the newest records, newest first. */
    public List<String> lines() {
        if (counts.isEmpty()) {
            return List.of("no rejected record of task " + task + " is on the topic");
        }
        List<List<String>> reasons = counts.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .map(entry -> List.of(entry.getKey(), Long.toString(entry.getValue())))
                .toList();
        List<String> lines = new ArrayList<>(new Table(List.of("reason", "records"), reasons).lines());
        if (!newest.isEmpty()) {
            List<List<String>> cells = newest.stream()
                    .sorted(Comparator.reverseOrder())
                    .map(RejectedRow::cells)
                    .toList();
            lines.add("");
            lines.addAll(new Table(RejectedRow.HEADER, cells).lines());
        }
        return lines;
    }
}
