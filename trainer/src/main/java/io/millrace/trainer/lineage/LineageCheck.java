package io.millrace.trainer.lineage;

import io.millrace.schemas.AcceptedExample;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.RejectionHeaders;
import io.millrace.schemas.kafka.TopicReader;
import io.millrace.schemas.kafka.Topics;
import io.millrace.trainer.checkpoint.CheckpointHistory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Proves from the topics and the store that the checkpoints of a task tile its accepted examples without gap or overlap, that every hash
 * matches, and that each example was trained exactly once.
 *
 * <p>Time grows linearly with the announcements of the task and the records of the topics. Memory does too: about 1 KiB per announcement
 * of the task and 300 bytes per example of it on {@code accepted-examples}; a heap of 1 GiB is enough for 500,000 announcements or
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
        Map<Integer, Coverage> coverage = new TreeMap<>();
        for (CheckpointAnnouncement link : chain.links()) {
            coverage.computeIfAbsent(link.offsets().partition(), partition -> {
                Coverage one = new Coverage();
                one.beginsAt(TopicReader.beginning(kafka, Topics.ACCEPTED_EXAMPLES, partition));
                return one;
            });
        }
        TopicReader.readAll(kafka, Topics.ACCEPTED_EXAMPLES, record -> {
            if (task.equals(record.key())) {
                coverage.computeIfAbsent(record.partition(), partition -> new Coverage())
                        .accepted(record.offset(), idOf(record));
            }
        });
        String accepted = kafka.named(Topics.ACCEPTED_EXAMPLES.name());
        TopicReader.readAll(kafka, Topics.REJECTED_EXAMPLES, record -> {
            if (task.equals(record.key()) && accepted.equals(header(record, RejectionHeaders.TOPIC))) {
                int partition = Integer.parseInt(header(record, RejectionHeaders.PARTITION));
                coverage.computeIfAbsent(partition, number -> new Coverage())
                        .rejected(Long.parseLong(header(record, RejectionHeaders.OFFSET)));
            }
        });
        return report(chain, coverage, new StoredCheckpoints(store));
    }

    private static LineageReport report(Chain chain, Map<Integer, Coverage> coverage, StoredCheckpoints stored)
            throws IOException {
        List<CheckpointAnnouncement> links = chain.links();
        stored.check(links);
        CheckpointAnnouncement newest = links.get(links.size() - 1);
        List<String> covered = new ArrayList<>();
        List<String> faults = new ArrayList<>(chain.faults());
        faults.addAll(stored.faults());
        coverage.forEach((partition, records) -> {
            List<CheckpointAnnouncement> here = links.stream()
                    .filter(link -> link.offsets().partition() == partition)
                    .toList();
            if (!here.isEmpty()) {
                covered.add(check(here, records, newest, gaps(links, partition)));
            } else if (!records.isEmpty()) {
                faults.add("accepted examples are in partition " + partition + ", where the task was never trained");
            }
            faults.addAll(records.faults());
        });
        List<String> lines = new ArrayList<>();
        lines.add("checkpoints that lead to " + newest.checkpoint().id() + ": " + links.size()
                + ", abandoned on the way: " + chain.abandoned().size());
        lines.addAll(covered);
        links.stream()
                .filter(link -> link.gap() != null)
                .forEach(link -> lines.add(link.checkpoint().id() + " records a gap: offsets "
                        + link.gap().first() + " to " + link.gap().next()
                        + (link.gap().partition() == link.offsets().partition()
                                ? " were lost to retention"
                                : " of partition " + link.gap().partition() + " were given up when the task moved")));
        lines.add("of these in the store: " + stored.found());
        return new LineageReport(lines, faults);
    }

    /** Checks one partition, and describes what is covered. */
    private static String check(
            List<CheckpointAnnouncement> here,
            Coverage records,
            CheckpointAnnouncement newest,
            List<OffsetRange> gaps) {
        OffsetRange last = here.get(here.size() - 1).offsets();
        boolean hasMoved = last.partition() != newest.offsets().partition();
        if (hasMoved) {
            records.checkLeft(here, gaps);
        } else {
            records.check(here);
        }
        return "offsets " + here.get(0).offsets().first() + " to " + last.next() + " (not included) of partition "
                + last.partition() + ": " + records.covered() + " accepted examples"
                + (records.beginning() > here.get(0).offsets().first()
                        ? " from offset " + records.beginning() + " on (retention has removed those before), "
                        : ", ")
                + (hasMoved ? "then the task moved" : records.waiting(last.next()) + " after it wait");
    }

    private static List<OffsetRange> gaps(List<CheckpointAnnouncement> links, int partition) {
        return links.stream()
                .map(CheckpointAnnouncement::gap)
                .filter(gap -> gap != null && gap.partition() == partition)
                .toList();
    }

    private static @Nullable String idOf(ConsumerRecord<String, byte[]> record) {
        try {
            AcceptedExample accepted =
                    record.value() == null ? null : Json.mapper().readValue(record.value(), AcceptedExample.class);
            return accepted == null || accepted.example() == null
                    ? null
                    : accepted.example().id();
        } catch (IOException e) {
            // Not an example: the trainer rejects it, and it has no id.
            return null;
        }
    }

    private static String header(ConsumerRecord<String, byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }
}
