package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.Validation.Accepted;
import io.millrace.ingest.Validation.Rejected;
import io.millrace.schemas.AcceptedExample;
import io.millrace.schemas.Origin;
import io.millrace.schemas.Task;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.RejectedRecords;
import io.millrace.schemas.kafka.RejectedRecords.Raw;
import io.millrace.schemas.kafka.RejectionHeaders;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.common.header.internals.RecordHeaders;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** What holds for the validation of any record, for tests of other modules too. */
public final class ValidationChecks {

    private static final Origin ORIGIN = new Origin("examples", 0, 1, 2);

    private final OutputLimits limits;
    private final RejectedRecords rejectedRecords;

    /**
     * Checks for tasks whose examples fit into the output topics.
     *
     * @param maxOutputBytes {@code max.message.bytes} of both output topics
     */
    public ValidationChecks(List<Task> tasks, int maxOutputBytes) {
        limits = new OutputLimits(maxOutputBytes, maxOutputBytes);
        limits.check(new KafkaConnection("localhost:1", Map.of()), tasks);
        rejectedRecords = new RejectedRecords(limits.rejectedBytes());
    }

    /** An accepted example is normalised, fits into its topic, and is read back as it was. */
    public void check(Accepted accepted) {
        AcceptedExample example = new AcceptedExample(accepted.example(), ORIGIN);
        byte[] written = Topics.ACCEPTED_EXAMPLES.valueSerde().serializer().serialize("accepted-examples", example);
        assertThat(written.length).isLessThan(limits.acceptedBytes());
        assertThat(Topics.ACCEPTED_EXAMPLES.valueSerde().deserializer().deserialize("accepted-examples", written))
                .isEqualTo(example);
        String text = accepted.example().text();
        assertThat(TextNormalizer.normalize(text)).isEqualTo(text);
    }

    /** A rejected record keeps its value, and gets a reason of ingest and a message; returns the message. */
    public String check(byte[] key, byte[] value, Rejected rejected) {
        assertThat(TaskCounters.REASONS).contains(rejected.reason());
        Raw record = rejectedRecords.of(
                new Raw(key, value, new RecordHeaders()), ORIGIN, rejected.reason(), rejected.detail());
        assertThat(record.value()).isEqualTo(value);
        String message =
                new String(record.headers().lastHeader(RejectionHeaders.MESSAGE).value(), StandardCharsets.UTF_8);
        assertThat(message).isNotBlank().hasSizeLessThanOrEqualTo(RejectedRecords.MAX_MESSAGE_CHARS);
        return message;
    }
}
