package io.millrace.ingest;

import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/** Last step of a rejected record: counts it and hands it on as it came, with the reason in its headers. */
final class RejectedRoute extends ContextualProcessor<byte[], Candidate, byte[], byte[]> {

    private final RejectedRecords rejectedRecords;
    private final IngestMetrics metrics;

    RejectedRoute(int maxBytes, IngestMetrics metrics) {
        this.rejectedRecords = new RejectedRecords(maxBytes);
        this.metrics = metrics;
    }

    @Override
    public void process(Record<byte[], Candidate> record) {
        record.value().validation().rejected().ifPresent(rejected -> {
            context().forward(rejectedRecords.of(record, rejected));
            metrics.of(record.key()).rejected(rejected.reason()).increment();
        });
    }
}
