package io.millrace.trainer.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.LabelledExample;
import io.millrace.trainer.Sentiments;
import io.millrace.trainer.config.DriftConfig;
import io.millrace.trainer.config.Method;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.config.TrainingConfigs;
import io.millrace.trainer.drift.DriftFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

class LearnerDriftTest {

    private static TrainedTask task;

    @TempDir
    private Path directory;

    @BeforeAll
    static void watchEmbeddingsToo() {
        TrainedTask plain = Sentiments.task(Method.PLAIN);
        task = new TrainedTask(
                plain.task(),
                TrainingConfigs.like(plain.training())
                        .withDrift(
                                new DriftConfig(4, null, null, null, Map.of("embeddings", 100L), null, 200, null, null))
                        .build());
    }

    @Test
    void shouldSaveTheSameWatchAfterAResume() throws IOException {
        // Given
        Path half = Files.createDirectory(directory.resolve("half"));
        Path whole = Files.createDirectory(directory.resolve("whole"));
        Path resumed = Files.createDirectory(directory.resolve("resumed"));

        // When
        try (Learner learner = Learner.start(task)) {
            learn(learner, 0);
            learner.save(half);
            learn(learner, 4);
            learner.save(whole);
        }
        try (Learner learner = Learner.resume(task, half, 1)) {
            learn(learner, 4);
            learner.save(resumed);
        }

        // Then
        assertThat(resumed.resolve(DriftFile.NAME)).hasSameBinaryContentAs(whole.resolve(DriftFile.NAME));
        assertThat(Files.readString(whole.resolve(DriftFile.NAME)))
                .contains("\"embeddings\":{\"statistic\"")
                .isNotEqualTo(Files.readString(half.resolve(DriftFile.NAME)));
    }

    @Test
    void shouldRepresentTextsByTheEncoderAsItWasAtTheStart() throws IOException {
        // When
        float[][] before;
        float[][] after;
        try (Learner learner = Learner.start(task)) {
            before = learner.learn(examples(0), List.of()).batch().embeddings();
            after = learner.learn(examples(0), List.of()).batch().embeddings();
        }

        // Then
        assertThat(before).hasDimensions(Sentiments.BATCH_SIZE, 32);
        assertThat(after).isDeepEqualTo(before);
        assertThat(before[0]).isNotEqualTo(before[1]);
    }

    @Test
    void shouldSaveNoWatchIfNothingWasWatched() throws IOException {
        // When
        try (Learner learner = Learner.start(Sentiments.task(Method.PLAIN))) {
            assertThat(learner.learn(examples(0), List.of()).batch().embeddings())
                    .isEmpty();
            learner.save(directory);
        }

        // Then
        assertThat(directory.resolve(DriftFile.NAME)).doesNotExist();
    }

    private static void learn(Learner learner, long first) {
        List<LabelledExample> examples = examples(first);
        StepResult result = learner.learn(examples, List.of());
        learner.watch(
                new OffsetExamples(
                        0,
                        LongStream.range(first, first + examples.size()).boxed().toList(),
                        examples),
                result.batch());
    }

    private static List<LabelledExample> examples(long first) {
        return LongStream.range(first, first + Sentiments.BATCH_SIZE)
                .mapToObj(Sentiments::example)
                .toList();
    }
}
