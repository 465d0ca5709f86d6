package io.millrace.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.NewLabels;
import io.millrace.schemas.Task;
import io.millrace.schemas.TaskKind;
import io.millrace.schemas.kafka.RejectionHeaders;
import io.millrace.trainer.config.Method;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.lineage.Announcements;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Examples that a task cannot have, and labels that it does not know yet. */
class TaskTrainerLabelsTest {

    @TempDir
    private Path store;

    private final Announcements announcements = new Announcements();

    @Test
    void shouldRejectALabelThatTheTaskLacks() {
        // Given
        try (RunningTask task = start(Sentiments.TASK)) {

            // When
            accept(task, "positive", "mixed", "negative", "positive", "negative");

            // Then
            assertThat(header(RejectionHeaders.REASON)).containsExactly("unknown-label");
            assertThat(header(RejectionHeaders.OFFSET)).containsExactly("1");
            assertThat(task.accountedFor()).isEqualTo(task.accepted());
        }
    }

    @Test
    void shouldTrainNewLabelsUpToTheBound() {
        // Given
        try (RunningTask task = start(growing(3))) {

            // When
            accept(task, "positive", "mixed", "ironic", "mixed", "negative");

            // Then
            assertThat(announcements.last().examples()).isEqualTo(4);
            assertThat(header(RejectionHeaders.REASON)).containsExactly("too-many-labels");
            assertThat(header(RejectionHeaders.MESSAGE))
                    .containsExactly("the label is new, and the head has the 3 labels of maxLabels already");
        }
    }

    @Test
    void shouldKnowAfterARestartTheLabelsThatItHasLearned() {
        // Given
        try (RunningTask task = start(growing(3))) {
            accept(task, "positive", "mixed", "positive", "negative");
        }

        // When
        try (RunningTask task = start(growing(3))) {
            for (long offset = 4; offset < 9; offset++) {
                task.accept(offset, Sentiments.labelled(offset, offset == 5 ? "ironic" : "mixed"));
            }
            task.advance();
            task.pass(Duration.ofMinutes(1));

            // Then
            assertThat(header(RejectionHeaders.REASON)).containsExactly("too-many-labels");
            assertThat(header(RejectionHeaders.OFFSET)).containsExactly("5");
        }
    }

    @Test
    void shouldRejectSingleTextsOfATaskOfPairs() {
        // Given
        Task pairs = new Task("sentiment", TaskKind.PAIR, Sentiments.TASK.labels(), 1_000);
        try (RunningTask task = start(pairs)) {

            // When
            task.accept(0, Sentiments.example(0));
            for (long offset = 1; offset < 5; offset++) {
                LabelledExample one = Sentiments.example(offset);
                task.accept(offset, new LabelledExample(one.id(), one.text(), "a pair", one.label(), null, null, null));
            }
            task.advance();
            task.pass(Duration.ofMinutes(1));

            // Then
            assertThat(announcements.last().examples()).isEqualTo(4);
            assertThat(header(RejectionHeaders.REASON)).containsExactly("invalid-json");
            assertThat(header(RejectionHeaders.MESSAGE))
                    .containsExactly("not an accepted example of a task of this kind");
        }
    }

    @Test
    void shouldCountAPredictionWithinTheToleranceAsRight() {
        // Given
        Task near = new Task("sentiment", TaskKind.REGRESSION, List.of(), NewLabels.REJECT, 1_000, 5, 1_000);
        Task exact = new Task("sentiment", TaskKind.REGRESSION, List.of(), NewLabels.REJECT, 1_000, 1e-9, 1_000);

        // When
        double withinFive = accuracy(near);
        double exactly = accuracy(exact);

        // Then
        assertThat(withinFive).isEqualTo(1);
        assertThat(exactly).isZero();
    }

    private double accuracy(Task regression) {
        Announcements own = new Announcements();
        TrainedTask trained =
                new TrainedTask(regression, Sentiments.task(Method.PLAIN).training());
        try (RunningTask task =
                new RunningTask(trained, store.resolve(Double.toString(regression.tolerance())), own, 0)) {
            accept(task, "0.5", "-1", "2", "1e-1");
        }
        return own.last().training().get("prequentialAccuracy");
    }

    private RunningTask start(Task task) {
        return new RunningTask(
                new TrainedTask(task, Sentiments.task(Method.PLAIN).training()), store, announcements, 0);
    }

    private static Task growing(int maxLabels) {
        return new Task("sentiment", TaskKind.SINGLE, Sentiments.TASK.labels(), NewLabels.GROW, maxLabels, 0.5, 1_000);
    }

    /** Hands in one example a label, and lets the stream idle until all are trained. */
    private static void accept(RunningTask task, String... labels) {
        for (int offset = 0; offset < labels.length; offset++) {
            task.accept(offset, Sentiments.labelled(offset, labels[offset]));
        }
        task.advance();
        task.pass(Duration.ofMinutes(1));
    }

    private List<String> header(String name) {
        return announcements.lastRecords().stream()
                .map(record -> new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8))
                .toList();
    }
}
