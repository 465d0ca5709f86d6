package io.millrace.local.lineage;

import io.millrace.local.produce.TopicReader;
import io.millrace.schemas.AcceptedExample;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.Json;
import io.millrace.schemas.KafkaConnection;
import io.millrace.schemas.RejectionHeaders;
import io.millrace.schemas.Topics;
import io.millrace.trainer.checkpoint.CheckpointHistory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Proves, from what stands in the topics and lies in the store, that the checkpoints of a task tile its accepted examples without gap or
 * overlap, that every hash matches, and that each example was trained exactly once.
 *
 * <p>Time grows linearly with the announcements of the task and with what the topics hold. Memory too: about 1 KiB for each announcement of
 * the task and 300 bytes for each of its examples on {@code accepted-examples}; a heap of 1 GiB serves for 500,000 announcements or
 * 2,000,000 examples.
 */
public final class LineageCheck {

    private LineageCheck() {}

    /** Checks one task. */
    public static LineageReport of(KafkaConnection kafka, Path store, String task) throws IOException {
        List<CheckpointAnnouncement> history = CheckpointHistory.read(kafka, task);
        if (history.isEmpty()) {
            return new LineageReport(List.of(), List.of("no checkpoint of task " + task + " was ever announced"));
        }
        Chain chain = Chain.of(history);
        int partition = chain.links().get(0).offsets().partition();
        Coverage coverage = new Coverage();
        coverage.beginsAt(TopicReader.beginning(kafka, Topics.ACCEPTED_EXAMPLES, partition));
        TopicReader.readAll(kafka, Topics.ACCEPTED_EXAMPLES, record -> {
            if (task.equals(record.key())) {
                coverage.accepted(record.offset(), idOf(record));
            }
        });
        TopicReader.readAll(kafka, Topics.REJECTED_EXAMPLES, record -> {
            if (task.equals(record.key())
                    && Topics.ACCEPTED_EXAMPLES.name().equals(header(record, RejectionHeaders.TOPIC))) {
                coverage.rejected(Long.parseLong(header(record, RejectionHeaders.OFFSET)));
            }
        });
        return report(chain, coverage, new StoredCheckpoints(store));
    }

    private static LineageReport report(Chain chain, Coverage coverage, StoredCheckpoints stored) throws IOException {
        List<CheckpointAnnouncement> links = chain.links();
        stored.check(links);
        coverage.check(links);
        CheckpointAnnouncement newest = links.get(links.size() - 1);
        List<String> lines = new ArrayList<>();
        lines.add(links.size() + " checkpoints lead to " + newest.checkpoint().id() + ", "
                + chain.abandoned().size() + " were abandoned on the way");
        lines.add("offsets " + links.get(0).offsets().first() + " to "
                + newest.offsets().next() + " (not included) of partition "
                + newest.offsets().partition());
        lines.add(coverage.covered() + " accepted examples in that range, "
                + coverage.waiting(newest.offsets().next()) + " behind it wait");
        links.stream()
                .filter(link -> link.gap() != null)
                .forEach(link -> lines.add(link.checkpoint().id() + " records a gap: offsets "
                        + link.gap().first() + " to " + link.gap().next() + " were lost to retention"));
        lines.add(stored.found() + " of the checkpoints are in the store");
        List<String> faults = new ArrayList<>(chain.faults());
        faults.addAll(stored.faults());
        faults.addAll(coverage.faults());
        return new LineageReport(lines, faults);
    }

    private static String idOf(ConsumerRecord<String, byte[]> record) {
        try {
            AcceptedExample accepted =
                    record.value() == null ? null : Json.mapper().readValue(record.value(), AcceptedExample.class);
            return accepted == null || accepted.example() == null
                    ? null
                    : accepted.example().id();
        } catch (IOException e) {
            // No example: the trainer rejects it, and it has no id to come twice.
            return null;
        }
    }

    private static String header(ConsumerRecord<String, byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }
}
