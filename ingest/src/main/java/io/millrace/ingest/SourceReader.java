package io.millrace.ingest;

import io.millrace.ingest.Validation.Rejected;
import io.millrace.ingest.source.MappedRecord;
import io.millrace.ingest.source.RecordMapping;
import io.millrace.schemas.Origin;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.kafka.RejectedRecords.Raw;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * First step for the topic of a source: what {@link ExampleReader} does for {@code examples}, after the record has been mapped.
 * From here on its key is the task. A rejection holds the record as it came.
 */
final class SourceReader extends ContextualProcessor<byte[], byte[], byte[], SourceRecord> {

    private final Topical topical;
    private final RecordMapping mapping;
    private final ExampleValidator validator;
    private final IngestMetrics metrics;

    /**
     * Which topic of which source it reads.
     *
     * @param source name of the source
     * @param halves which halves of examples the topic has; empty if it has whole ones
     */
    record Topical(String source, Optional<Half.Side> halves) {}

    SourceReader(Topical topical, RecordMapping mapping, ExampleValidator validator, IngestMetrics metrics) {
        this.topical = topical;
        this.mapping = mapping;
        this.validator = validator;
        this.metrics = metrics;
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        Origin origin = originOf(record);
        byte[] value = record.value();
        byte @Nullable [] task = mapping.taskOf(record.key());
        Optional<Rejected> unreadable = validator.unreadable(value);
        if (unreadable.isPresent()) {
            reject(record, task, origin, unreadable.get());
            return;
        }
        // Before anything is counted: this waits for the schema registry.
        MappedRecord mapped = mapping.map(record.key(), value, origin);
        if (mapped.fault() != null) {
            reject(
                    record,
                    mapped.task(),
                    origin,
                    new Rejected(mapped.fault().reason(), mapped.fault().detail()));
            return;
        }
        judge(record, mapped, origin);
    }

    private void judge(Record<byte[], byte[]> record, MappedRecord mapped, Origin origin) {
        byte[] example = Json.write(mapped.example()).getBytes(StandardCharsets.UTF_8);
        Validation validation = topical.halves()
                .map(side -> validator.validateHalf(side, mapped.task(), example))
                .orElseGet(() -> validator.validate(mapped.task(), example));
        if (validation.rejected().isPresent()) {
            reject(record, mapped.task(), origin, validation.rejected().get());
            return;
        }
        metrics.of(mapped.task()).received().increment();
        String task = mapped.task() == null ? null : TaskRegistry.name(mapped.task());
        SourceRecord read = topical.halves()
                .map(side -> new SourceRecord(null, new Half(topical.source(), side, task, origin, mapped.example())))
                .orElseGet(() -> new SourceRecord(new Candidate(example, origin, validation), null));
        forward(record, mapped.task(), read);
    }

    private void reject(Record<byte[], byte[]> record, byte @Nullable [] task, Origin origin, Rejected rejected) {
        metrics.of(task).received().increment();
        Raw whole = new Raw(record.key(), record.value(), record.headers());
        Candidate candidate = new Candidate(
                record.value(),
                origin,
                new Rejected(rejected.reason(), rejected.detail() + " (source " + topical.source() + ")"),
                whole);
        forward(record, task, new SourceRecord(candidate, null));
    }

    private void forward(Record<byte[], byte[]> record, byte @Nullable [] task, SourceRecord read) {
        context()
                .forward(record.withKey(task)
                        .withValue(read)
                        .withTimestamp(context().currentSystemTimeMs()));
    }

    private Origin originOf(Record<byte[], byte[]> record) {
        RecordMetadata metadata = context()
                .recordMetadata()
                .orElseThrow(() -> new IllegalStateException(
                        "ingest was handed a record without topic and offset: expected one read from a topic"));
        return new Origin(metadata.topic(), metadata.partition(), metadata.offset(), record.timestamp());
    }
}
