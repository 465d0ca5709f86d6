package io.millrace.ingest;

import io.millrace.schemas.Origin;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * First step: counts the record, notes where it came from and validates it.
 *
 * <p>From here on the record carries the time at which it was read, not the one that its producer chose. That time
 * becomes the timestamp of everything that ingest writes, so neither a broker's check of timestamps nor its retention
 * is affected by a strange one; the producer's own is in {@link Origin}.
 */
final class ExampleReader extends ContextualFixedKeyProcessor<byte[], byte[], Candidate> {

    private final ExampleValidator validator;
    private final IngestMetrics metrics;

    ExampleReader(ExampleValidator validator, IngestMetrics metrics) {
        this.validator = validator;
        this.metrics = metrics;
    }

    @Override
    public void process(FixedKeyRecord<byte[], byte[]> record) {
        metrics.of(record.key()).received().increment();
        Validation validation = validator.validate(record.key(), record.value());
        Candidate candidate = new Candidate(record.value(), originOf(record), validation);
        context().forward(record.withValue(candidate).withTimestamp(context().currentSystemTimeMs()));
    }

    private Origin originOf(FixedKeyRecord<byte[], byte[]> record) {
        RecordMetadata metadata = context()
                .recordMetadata()
                .orElseThrow(() -> new IllegalStateException(
                        "ingest was handed a record without topic and offset: expected one read from a topic"));
        return new Origin(metadata.topic(), metadata.partition(), metadata.offset(), record.timestamp());
    }
}
