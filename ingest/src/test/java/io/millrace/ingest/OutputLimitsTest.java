package io.millrace.ingest;

import static io.millrace.ingest.Tasks.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.AcceptedExample;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.NewLabels;
import io.millrace.schemas.Origin;
import io.millrace.schemas.Task;
import io.millrace.schemas.TaskKind;
import io.millrace.schemas.json.Json;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

class OutputLimitsTest {

    private static final int ONE_MEBIBYTE = 1 << 20;

    @Test
    void shouldTellATaskWhoseExamplesCanOutgrowTheTopic() {
        // Given
        OutputLimits limits = new OutputLimits(ONE_MEBIBYTE, ONE_MEBIBYTE);
        Task task = new Task("novels", TaskKind.SINGLE, List.of("good", "bad"), 1_000_000);

        // When / Then
        assertThatThrownBy(() -> limits.check(Tasks.KAFKA, List.of(Tasks.INTENT, task)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tasks.novels.maxTextChars is 1000000")
                .hasMessageContaining("of topic accepted-examples is 1048576");
        assertThatThrownBy(() -> limits.check(Tasks.KAFKA.withPrefix("ours-"), List.of(task)))
                .hasMessageContaining("of topic ours-accepted-examples is 1048576");
    }

    @Test
    void shouldAllowTheLongestTextThatFits() {
        // Given
        OutputLimits limits = new OutputLimits(ONE_MEBIBYTE, ONE_MEBIBYTE);
        Task task = new Task("articles", TaskKind.PAIR, List.of("good", "bad"), 80_000);

        // When / Then
        assertThatCode(() -> limits.check(Tasks.KAFKA, List.of(task))).doesNotThrowAnyException();
    }

    @Test
    void shouldCoverTheLargestExampleThatATaskAccepts() {
        // Given
        String label = "\u0001".repeat(100);
        Task task = new Task("hostile", TaskKind.PAIR, List.of(label, "good"), 1000);
        Map<String, String> attributes = new LinkedHashMap<>();
        for (int i = 0; i < ExampleValidator.MAX_ATTRIBUTES; i++) {
            attributes.put("\u0002".repeat(127) + (char) i, "");
        }
        String text = "\uFFFD".repeat(1000);
        Instant eventTime = Instant.MIN;
        String id = "\u0001".repeat(ExampleValidator.MAX_ID_CHARS);
        LabelledExample example = new LabelledExample(id, text, text, label, eventTime, 1.0E-300, attributes);
        Origin origin = new Origin("examples", Integer.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);
        int largest = bytes(Json.write(new AcceptedExample(example, origin))).length;
        OutputLimits limits = new OutputLimits(largest, ONE_MEBIBYTE);

        // When / Then
        assertThatThrownBy(() -> limits.check(Tasks.KAFKA, List.of(task))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldMakeRoomForLabelsThatAreYetToCome() {
        // Given
        Task task = new Task("hostile", TaskKind.SINGLE, List.of(), NewLabels.GROW, 10, 0.5, 2500);
        OutputLimits limits = new OutputLimits(69_000, ONE_MEBIBYTE);

        // When / Then
        assertThatThrownBy(() -> limits.check(Tasks.KAFKA, List.of(task))).isInstanceOf(IllegalArgumentException.class);
        assertThatCode(() -> limits.check(Tasks.KAFKA, List.of(new Task("calm", TaskKind.REGRESSION, List.of(), 2500))))
                .doesNotThrowAnyException();
    }

    @Test
    void shouldLetTheProducerSendWhatTheLargerTopicTakes() {
        // When
        int largest = new OutputLimits(ONE_MEBIBYTE, 2 * ONE_MEBIBYTE).largest();

        // Then
        assertThat(largest).isEqualTo(2 * ONE_MEBIBYTE);
    }
}
