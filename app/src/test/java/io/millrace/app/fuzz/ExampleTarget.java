package io.millrace.app.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.ExampleValidator;
import io.millrace.ingest.Validation;
import io.millrace.ingest.ValidationChecks;
import io.millrace.schemas.NewLabels;
import io.millrace.schemas.Task;
import io.millrace.schemas.TaskKind;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A record of {@code examples}: the first byte chooses its key, the rest is its value. */
final class ExampleTarget implements FuzzTarget {

    private static final int MAX_RECORD_BYTES = 1 << 13;
    private static final int MAX_OUTPUT_BYTES = 1 << 16;

    private static final List<Task> TASKS = List.of(
            new Task("intent", TaskKind.SINGLE, List.of("translate", "transfer"), 200),
            new Task("nli", TaskKind.PAIR, List.of("entailment", "neutral"), 200),
            new Task("topics", TaskKind.SINGLE, List.of(), NewLabels.GROW, 10, 0.5, 200),
            new Task("stars", TaskKind.REGRESSION, List.of(), 200),
            new Task("similarity", TaskKind.PAIR_REGRESSION, List.of(), 200));

    private final ExampleValidator validator = new ExampleValidator(TASKS, MAX_RECORD_BYTES);
    private final ValidationChecks checks = new ValidationChecks(TASKS, MAX_OUTPUT_BYTES);

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
        validation.accepted().ifPresent(checks::check);
        validation.rejected().ifPresent(rejected -> assertThat(checks.check(key, value, rejected))
                .doesNotContainPattern(DECEPTIVE));
        return validation.accepted().isPresent();
    }

    private static byte[] seed(int task, String value) {
        return bytes((char) task + value);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
