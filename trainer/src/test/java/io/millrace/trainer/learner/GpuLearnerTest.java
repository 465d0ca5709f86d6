package io.millrace.trainer.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.encoder.Compute;
import io.millrace.encoder.Precision;
import io.millrace.encoder.torchscript.NativeEngine;
import io.millrace.trainer.Sentiments;
import io.millrace.trainer.config.Method;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.config.TrainingConfigs;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Training on a GPU is training on the CPU; on a machine without a GPU these tests are skipped. */
@Tag("gpu")
@EnabledIf(value = "hasGpu", disabledReason = "PyTorch, as these tests load it, sees no GPU: docs/performance.md, GPUs")
class GpuLearnerTest {

    private static final int STEPS = 4;

    @TempDir
    private Path directory;

    static boolean hasGpu() {
        return NativeEngine.gpus() > 0;
    }

    /** The same dropout, masking and noise are drawn on both, so the losses stay together. */
    @ParameterizedTest
    @EnumSource(Method.class)
    void shouldHaveTheLossesAndNormsOfTheCpu(Method method) {
        // When / Then
        compare(method, Precision.F32, 1e-3);
        compare(method, Precision.BF16, 0.1);
    }

    private static void compare(Method method, Precision precision, double near) {
        List<StepResult> expected = train(task(method, "cpu", precision));
        List<StepResult> results = train(task(method, "cuda:0", precision));
        for (int step = 0; step < STEPS; step++) {
            StepResult there = results.get(step);
            assertThat(there.applied()).isTrue();
            expected.get(step).terms().forEach((name, value) -> assertThat(
                            there.terms().get(name))
                    .as(name)
                    .isCloseTo(value, within(near * Math.max(1, value))));
            double norm = expected.get(step).gradNorm();
            assertThat(there.gradNorm()).isCloseTo(norm, within(10 * near * norm));
        }
    }

    @Test
    void shouldTrainInOnePart() {
        // When
        try (Learner learner =
                Learner.start(task(Method.PLAIN, "cuda:0", Precision.F32).withShards(4))) {
            // Then
            assertThat(learner.shards()).isNull();
        }
    }

    @Test
    void shouldResumeOnTheCpuWhatItSaved() throws IOException {
        // Given
        Path saved = Files.createDirectory(directory.resolve("saved"));
        StepResult next;
        try (Learner learner = Learner.start(task(Method.SMART, "cuda:0", Precision.F32))) {
            learner.learn(Sentiments.batch(1), List.of());
            learner.save(saved);
            next = learner.learn(Sentiments.batch(2), List.of());
        }

        // When
        try (Learner resumed = Learner.resume(task(Method.SMART, "cpu", Precision.F32), saved, 1)) {
            StepResult same = resumed.learn(Sentiments.batch(2), List.of());

            // Then
            assertThat(same.totalLoss()).isCloseTo(next.totalLoss(), within(1e-3));
        }
    }

    private static List<StepResult> train(TrainedTask task) {
        List<StepResult> results = new ArrayList<>();
        try (Learner learner = Learner.start(task)) {
            for (int number = 1; number <= STEPS; number++) {
                results.add(learner.learn(Sentiments.batch(number), List.of()));
            }
        }
        return results;
    }

    private static TrainedTask task(Method method, String device, Precision precision) {
        TrainedTask task = Sentiments.task(method).withShards(1);
        return new TrainedTask(
                task.task(),
                TrainingConfigs.like(task.training())
                        .withCompute(new Compute(device, precision))
                        .build());
    }
}
