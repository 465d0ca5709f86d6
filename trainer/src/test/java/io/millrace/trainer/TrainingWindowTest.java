package io.millrace.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.CheckpointAnnouncement.Produced;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.store.CheckpointManifest.MiniBatchRange;
import io.millrace.schemas.store.CheckpointManifest.Outcome;
import io.millrace.trainer.batch.MiniBatch;
import io.millrace.trainer.batch.TextBatcher;
import io.millrace.trainer.batch.WithOffset;
import io.millrace.trainer.learner.StepResult;
import io.millrace.trainer.learner.StepResult.BatchSummary;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

class TrainingWindowTest {

    private final TrainingWindow window = new TrainingWindow();

    @Test
    void shouldHaveNothingToSayAtFirst() {
        // When / Then
        assertThat(window.isEmpty()).isTrue();
        assertThat(window.means()).isEmpty();
    }

    @Test
    void shouldKeepEveryMiniBatchWithItsOutcome() {
        // When
        window.add(batch(0, 4, false), trained(1, 1, 2));
        window.add(batch(4, 8, false), quarantined(0));
        window.add(batch(8, 10, true), trained(1, 1, 1));

        // Then
        assertThat(window.miniBatches())
                .containsExactly(
                        new MiniBatchRange(0, 4, 4, Outcome.TRAINED),
                        new MiniBatchRange(4, 8, 4, Outcome.QUARANTINED),
                        new MiniBatchRange(8, 10, 2, Outcome.TRAINED_SHORT));
    }

    @Test
    void shouldCountOnlyTrainedExamplesAsTrained() {
        // When
        window.add(batch(0, 4, false), trained(1, 1, 2));
        window.add(batch(4, 8, false), quarantined(0));

        // Then
        assertThat(window.examples()).isEqualTo(4);
    }

    @Test
    void shouldTakeMeansOverTheUpdatesAndAccuracyOverThePredictions() {
        // When
        window.add(batch(0, 4, false), trained(1, 3, 4));
        window.add(batch(4, 8, false), quarantined(1));
        window.add(batch(8, 12, false), trained(2, 5, 1));

        // Then
        assertThat(window.means())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("taskLoss", 1.5, "totalLoss", 3.0, "gradNorm", 4.0, "prequentialAccuracy", 0.5));
    }

    @Test
    void shouldTakeTheMeanOfATermOverTheUpdatesThatHaveIt() {
        // When
        window.add(batch(0, 4, false), trained(1, 1, 2));
        window.add(
                batch(4, 8, false),
                new StepResult(true, Map.of("taskLoss", 3.0, "unlabelledLoss", 8.0), 4, 1, 0.1, right(2)));

        // Then
        assertThat(window.means()).containsEntry("taskLoss", 2.0).containsEntry("unlabelledLoss", 8.0);
    }

    @Test
    void shouldKeepWhichTextsAMiniBatchHeld() {
        // Given
        OffsetRange texts = new OffsetRange(0, 70, 78);
        MiniBatch batch = new MiniBatch(
                List.of(new WithOffset<>(0, Sentiments.example(0))),
                new OffsetRange(0, 0, 1),
                false,
                new TextBatcher.Taken(List.of(new WithOffset<>(70, Sentiments.text(1))), Optional.of(texts)));

        // When
        window.add(batch, trained(1, 1, 1));

        // Then
        assertThat(window.miniBatches()).containsExactly(new MiniBatchRange(0, 1, 1, Outcome.TRAINED, texts));
        assertThat(window.examples()).as("labelled examples").isEqualTo(1);
    }

    @Test
    void shouldHaveOnlyFiniteMeansWhenNothingWasTrained() {
        // When
        window.add(batch(0, 4, false), quarantined(3));

        // Then
        assertThat(window.means()).isEqualTo(Map.of("prequentialAccuracy", 0.75));
    }

    @Test
    void shouldKnowWhenTheTrainedExamplesWereProduced() {
        // When
        window.add(produced(0, 5_000), trained(1, 1, 1));
        window.add(produced(1, 3_000), trained(1, 1, 1));
        window.add(produced(2, -1), trained(1, 1, 1));
        window.add(produced(3, 1_000), quarantined(1));

        // Then
        assertThat(window.produced()).isEqualTo(new Produced(Instant.ofEpochMilli(3_000), Instant.ofEpochMilli(5_000)));
    }

    @Test
    void shouldSayNothingOfTimesThatNoExampleHas() {
        // When
        window.add(batch(0, 4, false), trained(1, 1, 1));

        // Then
        assertThat(window.produced()).isNull();
    }

    private static MiniBatch produced(long offset, long ms) {
        return new MiniBatch(
                List.of(new WithOffset<>(offset, Sentiments.example(offset), ms)),
                new OffsetRange(0, offset, offset + 1),
                false,
                TextBatcher.Taken.NOTHING);
    }

    private static StepResult trained(double taskLoss, double gradNorm, int right) {
        return new StepResult(true, Map.of("taskLoss", taskLoss), 2 * taskLoss, gradNorm, 0.1, right(right));
    }

    private static StepResult quarantined(int right) {
        return new StepResult(false, Map.of("taskLoss", Double.NaN), Double.NaN, Double.NaN, 0.1, right(right));
    }

    private static BatchSummary right(int right) {
        boolean[] flags = new boolean[4];
        Arrays.fill(flags, 0, right, true);
        return new BatchSummary(flags, new int[4], 0, 0);
    }

    private static MiniBatch batch(long first, long next, boolean isShort) {
        return new MiniBatch(
                LongStream.range(first, next)
                        .mapToObj(offset -> new WithOffset<>(offset, Sentiments.example(offset)))
                        .toList(),
                new OffsetRange(0, first, next),
                isShort,
                TextBatcher.Taken.NOTHING);
    }
}
