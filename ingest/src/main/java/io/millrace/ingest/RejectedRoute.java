package io.millrace.ingest;

import io.millrace.schemas.kafka.RejectedRecords;
import io.millrace.schemas.kafka.RejectedRecords.Raw;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/** Last step of a rejected record: counts it and passes it on unchanged, with the reason in its headers. */
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
            Candidate candidate = record.value();
            Raw whole = candidate.whole() == null
                    ? new Raw(record.key(), candidate.value(), record.headers())
                    : candidate.whole();
            Raw sent =
                    rejectedRecords.of(whole, record.key(), candidate.origin(), rejected.reason(), rejected.detail());
            context().forward(new Record<>(sent.key(), sent.value(), record.timestamp(), sent.headers()));
            metrics.of(record.key()).rejected(rejected.reason()).increment();
        });
    }
}
