package io.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.kafka.JsonSerde;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class RequiredFieldsTest {

    private static final SchemaFiles FILES = new SchemaFiles();

    /** Everything but what users write, which ingest judges. */
    static Stream<WireExample> ofMillrace() {
        List<Class<?>> ofUsers = List.of(LabelledExample.class, UnlabelledText.class, ProbeExample.class);
        return WireExamples.all()
                .filter(example -> !ofUsers.contains(example.value().getClass()));
    }

    @ParameterizedTest
    @MethodSource("ofMillrace")
    void shouldNameFieldThatIsNull(WireExample example) {
        for (String required : FILES.file(example.name()).required()) {
            // Given
            ObjectNode incomplete = Json.mapper().valueToTree(example.value());
            incomplete.putNull(required);

            // When / Then
            assertUnreadable(example, incomplete, required);
        }
    }

    private static void assertUnreadable(WireExample example, JsonNode json, String field) {
        byte[] bytes = json.toString().getBytes(StandardCharsets.UTF_8);
        try (Deserializer<?> deserializer = new JsonSerde<>(example.value().getClass()).deserializer()) {
            assertThatExceptionOfType(SerializationException.class)
                    .isThrownBy(() -> deserializer.deserialize("a-topic", bytes))
                    .withMessageStartingWith("record on topic a-topic is not a "
                            + example.value().getClass().getSimpleName() + ": ")
                    .withMessageContaining(field)
                    .withMessageNotContaining("NullPointer");
        }
    }

    @Test
    void shouldRefuseListThatHoldsNull() {
        // Given
        CheckpointReference checkpoint = new CheckpointReference("intent", "checkpoint-000001", 1, "a", "b");

        // When / Then
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CheckpointEvaluation(checkpoint, Arrays.asList((ProbeScore) null)))
                .withMessage("CheckpointEvaluation.scores must not hold null, got [null]");
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
    void shouldRefuseNumberThatJsonCannotHold(double mean) {
        // Given
        CheckpointReference checkpoint = new CheckpointReference("intent", "checkpoint-000001", 1, "a", "b");
        OffsetRange offsets = new OffsetRange(0, 0, 1);

        // When / Then
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CheckpointAnnouncement(checkpoint, null, offsets, 1, Map.of("taskLoss", mean)))
                .withMessage("CheckpointAnnouncement.training.taskLoss must be a finite number, got " + mean);
    }

    @Test
    void shouldRefuseAcceptedExampleWithoutLabel() {
        // Given
        LabelledExample unlabelled = new LabelledExample("1", "a", null, null, null, null, null);
        Origin origin = new Origin("examples", 0, 0, 0);

        // When / Then
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AcceptedExample(unlabelled, origin))
                .withMessage("AcceptedExample.example.label is required, got none");
    }

    @Test
    void shouldRefuseKeyOfProbeExampleWithoutExample() {
        // Given
        ProbeExample probe = new ProbeExample("intent", "known", Distribution.IN_DISTRIBUTION, null);

        // When / Then
        assertThatIllegalArgumentException()
                .isThrownBy(probe::key)
                .withMessage("ProbeExample.example is required, got none");
    }
}
