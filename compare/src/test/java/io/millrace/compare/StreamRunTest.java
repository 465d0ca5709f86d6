package io.millrace.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.compare.StreamRun.StreamResult;
import io.millrace.compare.result.Measure;
import io.millrace.compare.result.RunResult.Evaluation;
import io.millrace.compare.result.RunResult.Score;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.Task;
import io.millrace.schemas.TaskKind;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.config.TrainingConfig;
import io.millrace.trainer.config.TrainingConfigs;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;

class StreamRunTest {

    private static final List<LabelledExample> STREAM =
            ExampleLines.examples("one=a", "two=b", "three=b", "not finite=b", "five=a");

    private final FakeModel model = model("a", "b");

    @Test
    void shouldTrainOnTheStreamOnceInOrderInMiniBatches() {
        // When
        new StreamRun(STREAM, List.of(), 1).run(model, 2);

        // Then
        assertThat(model.trainedIds()).containsExactly(List.of("0", "1"), List.of("2", "3"), List.of("4"));
    }

    @Test
    void shouldAskTheProbeSetsAlongTheWay() {
        // Given
        ComparedProbeSet known =
                new ComparedProbeSet("known", Measure.ACCURACY, ExampleLines.examples("two again=b", "three again=b"));

        // When
        StreamResult result = new StreamRun(STREAM, List.of(known), 3).run(model, 2);

        // Then
        assertThat(result.evaluations())
                .containsExactly(
                        evaluation(1, 2, 0.5, 1 / 2.0), evaluation(2, 4, 0.5, 1 / 4.0), evaluation(3, 5, 0.5, 2 / 5.0));
    }

    private static Evaluation evaluation(long step, long examples, double known, double testThenTrain) {
        return new Evaluation(
                step,
                examples,
                List.of(
                        new Score("known", Measure.ACCURACY, known),
                        new Score("test-then-train", Measure.ACCURACY, testThenTrain)));
    }

    @Test
    void shouldCountUpdatesThatWereNotApplied() {
        // When
        StreamResult result = new StreamRun(STREAM, List.of(), 1).run(model, 2);

        // Then
        assertThat(result.cost().notApplied()).isEqualTo(1);
    }

    @Test
    void shouldTellTextsOutOfScopeByTheMostProbableClass() {
        // Given
        ComparedProbeSet known =
                new ComparedProbeSet("known", Measure.ACCURACY, ExampleLines.examples("one again=a", "six=a"));
        ComparedProbeSet strange =
                new ComparedProbeSet("strange", Measure.AUROC, ExampleLines.examples("seven", "eight"));

        // When
        StreamResult result = new StreamRun(STREAM, List.of(strange, known), 1).run(model, 2);

        // Then
        assertThat(result.evaluations().get(0).value("strange")).isEqualTo(0.75);
    }

    @Test
    void shouldTakeNeutralAndContradictionForNonEntailment() {
        // Given
        FakeModel threeWay = model("contradiction", "entailment", "neutral");
        ComparedProbeSet probes = new ComparedProbeSet(
                "hans",
                Measure.ACCURACY,
                ExampleLines.examples("one=non-entailment", "two=non-entailment", "six=entailment"));
        StreamRun run = new StreamRun(ExampleLines.examples("one=neutral", "two=entailment"), List.of(probes), 1);

        // When
        StreamResult result = run.run(threeWay, 2);

        // Then
        assertThat(result.evaluations().get(0).value("hans")).isEqualTo(1 / 3.0);
    }

    @Test
    void shouldScoreNumbers() {
        // Given
        FakeModel regression =
                new FakeModel(new TrainedTask(new Task("compare", TaskKind.REGRESSION, List.of(), 1000), defaults()));
        ComparedProbeSet probes =
                new ComparedProbeSet("known", Measure.R_SQUARED, ExampleLines.examples("one=1.0", "two=3.0"));
        StreamRun run = new StreamRun(ExampleLines.examples("one=1", "two=2"), List.of(probes), 1);

        // When
        StreamResult result = run.run(regression, 2);

        // Then
        assertThat(result.evaluations().get(0).value("known")).isEqualTo(0.5);
    }

    @Test
    void shouldSpreadEvaluationsToTheEnd() {
        assertThat(new StreamRun(STREAM, List.of(), 5).evaluationSteps(469))
                .containsExactlyInAnyOrder(94L, 188L, 282L, 376L, 469L);
        assertThat(new StreamRun(STREAM, List.of(), 1).evaluationSteps(7)).containsExactly(7L);
    }

    @Test
    void shouldAskAfterEachStepWhenThereAreFew() {
        assertThat(new StreamRun(STREAM, List.of(), 5).evaluationSteps(2)).containsExactlyInAnyOrder(1L, 2L);
    }

    private static FakeModel model(String... labels) {
        return new FakeModel(new TrainedTask(new Task("compare", TaskKind.SINGLE, List.of(labels), 1000), defaults()));
    }

    private static TrainingConfig defaults() {
        return TrainingConfigs.plain(Path.of("encoder")).build();
    }
}
