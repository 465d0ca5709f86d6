package io.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

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
                .withMessage("tasks.intent.kind must be single, pair, regression or pair-regression, got none");
    }

    @ParameterizedTest
    @NullAndEmptySource
    @MethodSource("oneLabel")
    void shouldRejectTaskOfFewerThanTwoLabels(List<String> labels) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Task("intent", TaskKind.PAIR, labels, 1))
                .withMessage("tasks.intent.labels must name at least two labels, because a model over one label learns"
                        + " nothing, got " + (labels == null ? "[]" : labels)
                        + ". Name every label, or set newLabels to grow.");
    }

    static List<List<String>> oneLabel() {
        return List.of(List.of("no"));
    }

    @ParameterizedTest
    @NullAndEmptySource
    @MethodSource("oneLabel")
    void shouldStartWithAnyNumberOfLabelsIfNewOnesGrowTheHead(List<String> labels) {
        // When
        Task task = new Task("intent", TaskKind.SINGLE, labels, NewLabels.GROW, 2, 0.5, 1);

        // Then
        assertThat(task.labels()).isEqualTo(labels == null ? List.of() : labels);
    }

    @Test
    void shouldRejectNewLabelsThatAreNeitherRejectedNorGrown() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Task("intent", TaskKind.SINGLE, LABELS, null, 2, 0.5, 1))
                .withMessage("tasks.intent.newLabels must be reject or grow, got none");
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 2", "2, 1, 2", "3, 2, 3"})
    void shouldRejectHeadThatCannotHoldItsLabels(int labels, int maxLabels, int least) {
        // Given
        List<String> names = List.of("a", "b", "c").subList(0, labels);

        // When / Then
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Task("intent", TaskKind.SINGLE, names, NewLabels.GROW, maxLabels, 0.5, 1))
                .withMessage("tasks.intent.maxLabels must be at least " + least + " with " + labels
                        + " labels to start with, got " + maxLabels);
    }

    @Test
    void shouldHoldAllLabelsOfTaskThatNamesNoBound() {
        // Given
        List<String> labels =
                IntStream.range(0, 1_500).mapToObj(Integer::toString).toList();

        // When / Then
        assertThat(new Task("intent", TaskKind.SINGLE, labels, 1).maxLabels()).isEqualTo(1_500);
        assertThat(new Task("intent", TaskKind.SINGLE, LABELS, 1).maxLabels()).isEqualTo(1_000);
    }

    @ParameterizedTest
    @EnumSource(names = {"REGRESSION", "PAIR_REGRESSION"})
    void shouldTakeRegressionWithoutLabels(TaskKind kind) {
        // When
        Task task = new Task("stars", kind, null, 1);

        // Then
        assertThat(task.labels()).isEmpty();
        assertThat(task.tolerance()).isEqualTo(0.5);
    }

    @Test
    void shouldRejectRegressionWithLabels() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Task("stars", TaskKind.REGRESSION, LABELS, 1))
                .withMessage("tasks.stars.labels must be empty, because the label of a regression task is a number,"
                        + " got [no, yes]. Leave labels out, or set kind to single or pair.");
    }

    @Test
    void shouldRejectRegressionThatGrowsItsHead() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Task("stars", TaskKind.PAIR_REGRESSION, List.of(), NewLabels.GROW, 1_000, 0.5, 1))
                .withMessage("tasks.stars.newLabels must be reject, because a regression task has no labels, got grow."
                        + " Leave it out.");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void shouldRejectToleranceThatIsNoDistance(double tolerance) {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new Task("stars", TaskKind.REGRESSION, List.of(), NewLabels.REJECT, 1_000, tolerance, 1))
                .withMessage("tasks.stars.tolerance must be a finite number above 0, got " + tolerance);
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
