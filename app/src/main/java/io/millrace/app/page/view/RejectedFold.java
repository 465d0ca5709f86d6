package io.millrace.app.page.view;

import io.millrace.app.rejected.RejectedRow;
import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rejected records of a task by their reason, with the newest of each. Not thread-safe. */
final class RejectedFold {

    /** Records name their reason themselves, and anybody may have written them. */
    static final int MAX_REASONS = 40;

    private static final int MAX_SAMPLES = 5;
    private static final String OTHER = "other";

    private final Map<String, Reason> reasons = new LinkedHashMap<>();

    private static final class Reason {
        private long count;
        private final Deque<PageState.Sample> samples = new ArrayDeque<>();
    }

    void take(ConsumerRecord<String, byte[]> record) {
        String name = RejectedRow.reason(record);
        boolean fits = reasons.containsKey(name) || reasons.size() < MAX_REASONS;
        Reason reason = reasons.computeIfAbsent(fits ? name : OTHER, key -> new Reason());
        reason.count++;
        reason.samples.addFirst(sample(RejectedRow.of(record).cells()));
        if (reason.samples.size() > MAX_SAMPLES) {
            reason.samples.removeLast();
        }
    }

    /** Most frequent first. */
    List<PageState.Rejected> shown() {
        List<PageState.Rejected> shown = new ArrayList<>();
        reasons.forEach(
                (name, reason) -> shown.add(new PageState.Rejected(name, reason.count, List.copyOf(reason.samples))));
        shown.sort(Comparator.comparingLong(PageState.Rejected::count).reversed());
        return shown;
    }

    /** The cells are in the order of {@link RejectedRow#HEADER}. */
    private static PageState.Sample sample(List<String> cells) {
        return new PageState.Sample(
                cells.get(0),
                cells.get(2) + " " + cells.get(3) + ":" + cells.get(4),
                cells.get(5),
                cells.get(6),
                cells.get(7));
    }
}
