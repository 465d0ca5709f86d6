package io.millrace.ingest;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

import java.nio.charset.StandardCharsets;

/**
 * Second step, for valid examples that are not in the partition of their task: sends them there. Their headers go with them, because they belong to
 * them if they are rejected later. If they exceed half of {@link InternalTopic#HEADROOM_BYTES} they are dropped, as for any rejected
 * record that is too large for its topic.
 */
final class TaskRoute extends ContextualProcessor<byte[], Candidate, byte[], ExampleRecord> {

    /** More than the frame of one header takes. */
    private static final int HEADER_FRAME_BYTES = 16;

    private final TaskHome home;

    TaskRoute(TaskHome home) {
        this.home = home;
    }

    @Override
    public void process(Record<byte[], Candidate> record) {
        Candidate candidate = record.value();
        byte[] value = candidate.value();
        boolean isValid = candidate.validation().accepted().isPresent();
        if (value != null && isValid && !home.holds(record.key(), candidate)) {
            context()
                    .forward(record.withValue(new ExampleRecord(candidate.origin(), value))
                            .withHeaders(bounded(record.headers())));
        }
    }

    private static Headers bounded(Headers headers) {
        long bytes = 0;
        for (Header header : headers) {
            bytes += HEADER_FRAME_BYTES
                    + header.key().getBytes(StandardCharsets.UTF_8).length
                    + (header.value() == null ? 0 : header.value().length);
        }
        return bytes <= InternalTopic.HEADROOM_BYTES / 2 ? headers : new RecordHeaders();
    }
}
