package io.millrace.ingest;

import io.millrace.ingest.Validation.Accepted;
import io.millrace.schemas.AcceptedExample;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Last step of an accepted example: counts it and turns it into the record that the trainer reads. The input's headers
 * end here: they are not part of an example, and their size is unbounded.
 */
final class AcceptedRoute extends ContextualProcessor<byte[], Candidate, String, AcceptedExample> {

    private final IngestMetrics metrics;

    AcceptedRoute(IngestMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void process(Record<byte[], Candidate> record) {
        Candidate candidate = record.value();
        candidate.validation().accepted().ifPresent(accepted -> {
            context().forward(recordOf(TaskRegistry.name(record.key()), accepted, record));
            metrics.of(record.key()).accepted().increment();
        });
    }

    private static Record<String, AcceptedExample> recordOf(
            String task, Accepted accepted, Record<byte[], Candidate> record) {
        AcceptedExample example =
                new AcceptedExample(accepted.example(), record.value().origin());
        return new Record<>(task, example, record.timestamp());
    }
}
