package io.millrace.ingest;

import static io.millrace.ingest.Tasks.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.Validation.Accepted;
import io.millrace.ingest.Validation.Rejected;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.RejectionReason;
import io.millrace.schemas.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

class ExampleValidatorTest {

    private final ExampleValidator validator = new ExampleValidator(Tasks.registry(), Rejectable.MAX_RECORD_BYTES);

    @Test
    void shouldAcceptAnExampleWithEveryField() {
        // Given
        String value = "{\"id\":\"7\",\"text\":\" Two  women \",\"textPair\":\"Cafe\\u0301\",\"label\":\"entailment\","
                + "\"eventTime\":\"2026-01-31T12:00:00Z\",\"weight\":0.5,\"attributes\":{\"genre\":\"fiction\"}}";

        // When
        Validation validation = validator.validate(bytes("nli"), bytes(value));

        // Then
        LabelledExample expected = new LabelledExample(
                "7",
                "Two women",
                "Caf\u00E9",
                "entailment",
                Instant.parse("2026-01-31T12:00:00Z"),
                0.5,
                Map.of("genre", "fiction"));
        assertThat(validation).isEqualTo(new Accepted(expected));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":\"1\",\"text\":\"t\",\"label\":\"translate\"}",
                "{\"id\":\"1\",\"text\":\"t\",\"label\":\"translate\",\"textPair\":null,\"eventTime\":null,"
                        + "\"weight\":null,\"attributes\":null}",
                "{\"id\":\"1\",\"text\":\"t\",\"label\":\"translate\",\"unheard\":{\"of\":[1,2.5e300,null]}}",
                " {\"label\":\"translate\" ,\"text\":\"\\u0000t\\n\",\"id\":\"1\"}\n"
            })
    void shouldAcceptWhatSaysTheSameInAnotherWay(String value) {
        // When
        Validation validation = validator.validate(bytes("intent"), bytes(value));

        // Then
        LabelledExample expected = Tasks.example("1", "t", "translate");
        assertThat(validation).isEqualTo(new Accepted(expected));
    }

    @Test
    void shouldAcceptWhatReachesItsLimits() {
        // Given
        String text = "t".repeat(Tasks.MAX_TEXT_CHARS);
        String value = "{\"id\":\"" + "i".repeat(ExampleValidator.MAX_ID_CHARS) + "\",\"text\":\"  " + text
                + "  \",\"label\":\"translate\",\"weight\":1000,\"attributes\":{\"a\":\"" + "v".repeat(8191) + "\"}}";

        // When
        Validation validation = validator.validate(bytes("intent"), bytes(value));

        // Then
        assertThat(validation.accepted())
                .map(accepted -> accepted.example().text())
                .contains(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            3             | 3.0
            "3"           | 3.0
            "+3.00"       | 3.0
            -0.0          | 0.0
            2.5e-1        | 0.25
            "-1000000"    | -1000000.0
            """)
    void shouldAcceptTheNumberOfARegressionInItsOneForm(String label, String accepted) {
        // Given
        String value = "{\"id\":\"1\",\"text\":\"t\",\"label\":" + label + "}";

        // When
        Validation validation = validator.validate(bytes("stars"), bytes(value));

        // Then
        LabelledExample expected = Tasks.example("1", "t", accepted);
        assertThat(validation).isEqualTo(new Accepted(expected));
    }

    @Test
    void shouldAcceptAPairWithANumber() {
        // When
        Validation validation = validator.validate(
                bytes("similarity"), bytes("{\"id\":\"1\",\"text\":\"t\",\"textPair\":\"p\",\"label\":4.5}"));

        // Then
        LabelledExample expected = new LabelledExample("1", "t", "p", "4.5", null, null, null);
        assertThat(validation).isEqualTo(new Accepted(expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sport", "politics", "Sport ", "\u5929\u6C17", "\uD83D\uDE00"})
    void shouldAcceptALabelThatTheHeadMayGrowTo(String label) {
        // Given
        LabelledExample example = Tasks.example("1", "t", label);

        // When
        Validation validation = validator.validate(bytes("topics"), bytes(Json.write(example)));

        // Then
        assertThat(validation).isEqualTo(new Accepted(example));
    }

    @Test
    void shouldSayWhatToDoAboutASingleTextForATaskOfPairs() {
        // When
        Validation validation =
                validator.validate(bytes("nli"), bytes("{\"id\":\"1\",\"text\":\"t\",\"label\":\"entailment\"}"));

        // Then
        assertThat(validation)
                .isEqualTo(new Rejected(
                        RejectionReason.EMPTY_TEXT,
                        "textPair: expected the second text, because task nli takes pairs, got none."
                                + " Send textPair, or set the task's kind to that of single texts"));
    }

    @ParameterizedTest
    @MethodSource("io.millrace.ingest.Rejectable#all")
    void shouldRejectWithTheReasonOf(Rejectable record) {
        // When
        Validation validation = validator.validate(record.key(), record.value());

        // Then
        assertThat(validation.rejected()).map(Rejected::reason).contains(record.reason());
    }

    @Test
    void shouldKnowARecordForEveryReasonThatOneRecordAloneCanHave() {
        // When
        Set<RejectionReason> reasons = Rejectable.all().map(Rejectable::reason).collect(Collectors.toSet());

        // Then
        Set<RejectionReason> expected = EnumSet.copyOf(TaskCounters.REASONS);
        expected.removeAll(Set.of(RejectionReason.IN_PROBE_SET, RejectionReason.CONFLICTING_ID));
        expected.removeAll(TaskCounters.REASONS_OF_SOURCES);
        assertThat(reasons).isEqualTo(expected);
    }

    @Test
    void shouldSayWhatWasExpectedAndWhatCame() {
        // Given
        String value = "{\"id\":\"1\",\"text\":\"t\",\"label\":\"order_pizza\"}";

        // When
        Validation validation = validator.validate(bytes("intent"), bytes(value));

        // Then
        assertThat(validation)
                .isEqualTo(new Rejected(
                        RejectionReason.UNKNOWN_LABEL,
                        "label: expected one of the 3 labels of task intent, got \"order_pizza\""));
    }

    @Test
    void shouldNameTheFirstOfSeveralFaults() {
        // Given
        String value = "{\"id\":\"\",\"text\":\"\",\"weight\":-1}";

        // When
        Validation validation = validator.validate(bytes("intent"), bytes(value));

        // Then
        assertThat(validation.rejected()).map(Rejected::reason).contains(RejectionReason.INVALID_ID);
    }

    @Test
    void shouldJudgeDamagedExamplesWithoutAnExceptionAndAcceptOnlyWhatCanBeReadBack() throws IOException {
        // Given
        byte[] good = bytes("{\"id\":\"1\",\"text\":\"Caf\u00E9 \uD83D\uDE00\",\"label\":\"translate\",\"weight\":1.5,"
                + "\"eventTime\":\"2026-01-31T12:00:00Z\",\"attributes\":{\"a\":\"b\"}}");
        long seed = 20260131;
        Random random = new Random(seed);

        for (int round = 0; round < 20_000; round++) {
            byte[] damaged = damage(good, random);

            // When
            Validation validation = validator.validate(bytes("intent"), damaged);

            // Then
            if (validation.accepted().isPresent()) {
                LabelledExample example = validation.accepted().get().example();
                assertThat(readBack(example))
                        .as("seed %d, round %d: %s", seed, round, new String(damaged, StandardCharsets.UTF_8))
                        .isEqualTo(example);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"eventTime\":\"-1000000000-01-01T00:00:00Z\"",
                "\"eventTime\":\"+1000000000-12-31T23:59:59.999999999Z\"",
                "\"eventTime\":\"0000-01-01T00:00:00.1Z\"",
                "\"eventTime\":\"2026-01-31T12:00:00+02:00\"",
                "\"weight\":4.9e-324",
                "\"weight\":0.1000000000000000000000000000000000000001",
                "\"attributes\":{\"\":\"\",\"\\u0000\":\"\\u2028\\\"\"}"
            })
    void shouldAcceptOnlyWhatCanBeReadBack(String field) throws IOException {
        // Given
        String value = "{\"id\":\"1\",\"text\":\"t\",\"label\":\"translate\"," + field + "}";

        // When
        Validation validation = validator.validate(bytes("intent"), bytes(value));

        // Then
        LabelledExample example = validation.accepted().orElseThrow().example();
        assertThat(readBack(example)).isEqualTo(example);
    }

    @Test
    void shouldAcceptAnExampleWhateverNamesCameBefore() {
        // Given names of one hash in Jackson's table, then names enough to make the table grow
        String colliding = IntStream.range(0, 1 << 12)
                .mapToObj(i -> IntStream.range(0, 12)
                        .mapToObj(bit -> (i >> bit & 1) == 0 ? "bA" : "ab")
                        .collect(Collectors.joining()))
                .map(name -> ",\"" + name + "\":0")
                .collect(Collectors.joining());
        String many =
                IntStream.range(0, 5000).mapToObj(i -> ",\"name-" + i + "\":0").collect(Collectors.joining());

        for (String unknown : List.of(colliding, many, colliding, many)) {
            // When
            Validation validation = validator.validate(
                    bytes("intent"), bytes("{\"id\":\"1\",\"text\":\"t\",\"label\":\"translate\"" + unknown + "}"));

            // Then
            assertThat(validation.accepted()).isPresent();
        }
    }

    @Test
    void shouldFindTasksByTheirExactNames() {
        // When
        List<Boolean> found = Stream.of("intent", "nli", "intent ", "")
                .map(key -> Tasks.registry().find(bytes(key)).isPresent())
                .toList();

        // Then
        assertThat(found).containsExactly(true, true, false, false);
    }

    private static LabelledExample readBack(LabelledExample example) throws IOException {
        return Json.mapper().readValue(Json.write(example), LabelledExample.class);
    }

    private static byte[] damage(byte[] good, Random random) {
        byte[] damaged = good.clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
        }
        return damaged;
    }
}
