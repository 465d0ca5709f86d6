package io.millrace.ingest;

import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/** Sends half an example to the partition of its id, where the other half comes too. Its headers end here. */
final class HalfRoute extends ContextualProcessor<byte[], SourceRecord, String, Half> {

    @Override
    public void process(Record<byte[], SourceRecord> record) {
        Half half = record.value().oneHalf();
        context().forward(new Record<>(half.key(), half, record.timestamp(), new RecordHeaders()));
    }
}
