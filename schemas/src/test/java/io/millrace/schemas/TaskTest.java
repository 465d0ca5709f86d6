package io.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

class TaskTest {

    private static final List<String> LABELS = List.of("no", "yes");

    @Test
    void shouldKeepLabelsInOrderWhateverBecomesOfTheList() {
        // Given
        List<String> labels = new ArrayList<>(LABELS);

        // When
        Task task = new Task("intent-2_b", TaskKind.SINGLE, labels, 1);
        labels.clear();

        // Then
        assertThat(task.labels()).containsExactly("no", "yes");
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = {"Intent", "a b", "../a", "-a", "_a", "a.b", "ä", "a\n"})
    void shouldRejectNameThatIsNoDirectoryOrTag(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Task(name, TaskKind.SINGLE, LABELS, 1))
                .withMessage("task name must match [a-z0-9][a-z0-9_-]{0,63}, got \"" + name + "\"");
    }

    @Test
    void shouldRejectNameOfMoreThan64Characters() {
        assertThat(new Task("a".repeat(64), TaskKind.SINGLE, LABELS, 1).name()).hasSize(64);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Task("a".repeat(65), TaskKind.SINGLE, LABELS, 1))
                .withMessageStartingWith("task name must match");
    }

    @Test
    void shouldRejectTaskWithoutKind() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Task("intent", null, LABELS, 1))
                .withMessage("tasks.intent.kind must be single or pair, got none");
    }

    @ParameterizedTest
    @NullAndEmptySource
    void shouldRejectTaskWithoutLabels(List<String> labels) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Task("intent", TaskKind.PAIR, labels, 1))
                .withMessage("tasks.intent.labels must name at least one label, got none");
    }

    @Test
    void shouldRejectRepeatedLabel() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Task("intent", TaskKind.PAIR, List.of("a", "b", "a"), 1))
                .withMessage("tasks.intent.labels must not repeat a label, got [a, b, a]");
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = " ")
    void shouldRejectBlankLabel(String label) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Task("intent", TaskKind.PAIR, Arrays.asList("a", label), 1))
                .withMessage("tasks.intent.labels must not hold a blank label, got [a, " + label + "]");
    }

    @Test
    void shouldRejectLimitThatLetsNoTextIn() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Task("intent", TaskKind.PAIR, LABELS, 0))
                .withMessage("tasks.intent.maxTextChars must be at least 1, got 0");
    }
}
