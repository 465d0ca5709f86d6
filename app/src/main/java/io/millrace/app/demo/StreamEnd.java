package io.millrace.app.demo;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.app.produce.IngestProgress;
import io.millrace.app.service.LocalServices;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.TopicReader;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * Detects when the whole stream is processed: ingest has settled every line, the trainer has trained the accepted
 * examples, and the evaluator has judged the last checkpoint.
 */
final class StreamEnd implements AutoCloseable {

    private final KafkaConnection kafka;
    private final Admin admin;
    private final IngestProgress ingest;
    private final MeterRegistry metrics;
    private final long trainedBefore;
    private boolean settled;
    private long acceptedNext;
    private long acceptedSince;

    /**
     * Watches a run.
     *
     * @param metrics the meters of the run
     * @param trainedBefore first offset of {@code accepted-examples} that was in no checkpoint when the run began
     */
    StreamEnd(KafkaConnection kafka, MeterRegistry metrics, long trainedBefore) {
        this.kafka = kafka;
        this.admin = Admin.create(kafka.clientProperties());
        this.ingest = new IngestProgress(kafka, admin);
        this.metrics = metrics;
        this.trainedBefore = trainedBefore;
    }

    /**
     * Looks once, given that the whole stream has been sent. Asks the trainer for its last checkpoint when that is all
     * that is missing.
     */
    boolean reached(DemoLedger ledger, LocalServices services) throws InterruptedException, ExecutionException {
        if (!settled && ingestIsThrough()) {
            settled = true;
            readAccepted();
        }
        if (!settled) {
            return false;
        }
        if (ledger.nextOffset() < acceptedNext) {
            if (trainerHasRead() >= acceptedSince) {
                services.drain();
            }
            return false;
        }
        return ledger.lastCheckpointJudged();
    }

    @Override
    public void close() {
        ingest.close();
        admin.close();
    }

    /** Its output may be in an open transaction for a moment, where it cannot be read yet. */
    private boolean ingestIsThrough() throws InterruptedException, ExecutionException {
        Map<Integer, Long> sent = new HashMap<>();
        ends(Topics.EXAMPLES, IsolationLevel.READ_UNCOMMITTED)
                .forEach((partition, end) -> sent.put(partition.partition(), end));
        return ingest.isThrough(DemoFiles.TASK, sent)
                && ends(Topics.ACCEPTED_EXAMPLES, IsolationLevel.READ_COMMITTED)
                        .equals(ends(Topics.ACCEPTED_EXAMPLES, IsolationLevel.READ_UNCOMMITTED));
    }

    private Map<TopicPartition, Long> ends(Topic<?> topic, IsolationLevel isolation)
            throws InterruptedException, ExecutionException {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        for (int partition = 0; partition < topic.partitions(); partition++) {
            wanted.put(new TopicPartition(kafka.named(topic.name()), partition), OffsetSpec.latest());
        }
        Map<TopicPartition, Long> ends = new HashMap<>();
        admin.listOffsets(wanted, new ListOffsetsOptions(isolation))
                .all()
                .get()
                .forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    private void readAccepted() {
        TopicReader.readAll(kafka, Topics.ACCEPTED_EXAMPLES, accepted -> {
            if (DemoFiles.TASK.equals(accepted.key())) {
                acceptedNext = accepted.offset() + 1;
                acceptedSince += accepted.offset() >= trainedBefore ? 1 : 0;
            }
        });
    }

    private double trainerHasRead() {
        return metrics.find("millrace.trainer.accepted").tag("task", DemoFiles.TASK).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }
}
