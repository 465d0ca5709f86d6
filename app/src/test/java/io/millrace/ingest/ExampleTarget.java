package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.app.fuzz.FuzzTarget;
import io.millrace.ingest.Validation.Accepted;
import io.millrace.ingest.Validation.Rejected;
import io.millrace.schemas.AcceptedExample;
import io.millrace.schemas.NewLabels;
import io.millrace.schemas.Origin;
import io.millrace.schemas.Task;
import io.millrace.schemas.TaskKind;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.RejectedRecords;
import io.millrace.schemas.kafka.RejectedRecords.Raw;
import io.millrace.schemas.kafka.RejectionHeaders;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.common.header.internals.RecordHeaders;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A record of {@code examples}: the first byte chooses its key, the rest is its value. */
public final class ExampleTarget implements FuzzTarget {

    private static final int MAX_RECORD_BYTES = 1 << 13;
    private static final int MAX_OUTPUT_BYTES = 1 << 16;
    private static final Origin ORIGIN = new Origin("examples", 0, 1, 2);

    private static final List<Task> TASKS = List.of(
            new Task("intent", TaskKind.SINGLE, List.of("translate", "transfer"), 200),
            new Task("nli", TaskKind.PAIR, List.of("entailment", "neutral"), 200),
            new Task("topics", TaskKind.SINGLE, List.of(), NewLabels.GROW, 10, 0.5, 200),
            new Task("stars", TaskKind.REGRESSION, List.of(), 200),
            new Task("similarity", TaskKind.PAIR_REGRESSION, List.of(), 200));

    private final ExampleValidator validator = new ExampleValidator(new TaskRegistry(TASKS), MAX_RECORD_BYTES);
    private final OutputLimits limits = new OutputLimits(MAX_OUTPUT_BYTES, MAX_OUTPUT_BYTES);
    private final RejectedRecords rejectedRecords = new RejectedRecords(limits.rejectedBytes());

    /** Also checks that what can be accepted fits into its topic. */
    public ExampleTarget() {
        limits.check(new KafkaConnection("localhost:1", Map.of()), TASKS);
    }

    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (int task = 0; task < TASKS.size(); task++) {
            String label = List.of("\"translate\"", "\"entailment\"", "\"weather\"", "3", "\"4.5\"")
                    .get(task);
            String pair = TASKS.get(task).kind().isPair() ? ",\"textPair\":\"Caf\u00E9 \uD83D\uDE00\"" : "";
            seeds.add(seed(task, "{\"id\":\"1\",\"text\":\"a text\"" + pair + ",\"label\":" + label + "}"));
            seeds.add(
                    seed(
                            task,
                            "{\"id\":\"2\",\"text\":\" Cafe\\u0301 \"" + pair + ",\"label\":" + label
                                    + ",\"eventTime\":\"2026-01-31T12:00:00Z\",\"weight\":0.5,"
                                    + "\"attributes\":{\"annotator\":\"3\",\"genre\":\"fiction\"},\"unheard\":[{\"of\":1e9}]}"));
        }
        return seeds;
    }

    @Override
    public boolean accepts(byte[] input) {
        int choice = input.length == 0 ? TASKS.size() : input[0] & 0x0f;
        byte[] key = choice < TASKS.size() ? bytes(TASKS.get(choice).name()) : bytes("no task");
        byte[] value = input.length == 0 ? null : Arrays.copyOfRange(input, 1, input.length);
        Validation validation = validator.validate(key, value);
        assertThat(validation.accepted().isPresent())
                .isNotEqualTo(validation.rejected().isPresent());
        validation.accepted().ifPresent(this::check);
        validation.rejected().ifPresent(rejected -> check(key, value, rejected));
        return validation.accepted().isPresent();
    }

    private void check(Accepted accepted) {
        AcceptedExample example = new AcceptedExample(accepted.example(), ORIGIN);
        byte[] written = Topics.ACCEPTED_EXAMPLES.valueSerde().serializer().serialize("accepted-examples", example);
        assertThat(written.length).isLessThan(limits.acceptedBytes());
        assertThat(Topics.ACCEPTED_EXAMPLES.valueSerde().deserializer().deserialize("accepted-examples", written))
                .isEqualTo(example);
        String text = accepted.example().text();
        assertThat(TextNormalizer.normalize(text)).isEqualTo(text);
    }

    private void check(byte[] key, byte[] value, Rejected rejected) {
        assertThat(TaskCounters.REASONS).contains(rejected.reason());
        Raw record = rejectedRecords.of(
                new Raw(key, value, new RecordHeaders()), ORIGIN, rejected.reason(), rejected.detail());
        assertThat(record.value()).isEqualTo(value);
        String message =
                new String(record.headers().lastHeader(RejectionHeaders.MESSAGE).value(), StandardCharsets.UTF_8);
        assertThat(message)
                .isNotBlank()
                .hasSizeLessThanOrEqualTo(RejectedRecords.MAX_MESSAGE_CHARS)
                .doesNotContainPattern(DECEPTIVE);
    }

    private static byte[] seed(int task, String value) {
        return bytes((char) task + value);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
