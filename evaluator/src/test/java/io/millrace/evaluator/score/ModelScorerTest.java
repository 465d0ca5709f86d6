package io.millrace.evaluator.score;

import static io.millrace.evaluator.EvaluatorFixtures.example;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.encoder.Compute;
import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.encoder.Precision;
import io.millrace.encoder.TextEncoder;
import io.millrace.encoder.Weights;
import io.millrace.encoder.config.OutputHead;
import io.millrace.evaluator.EvaluatorFixtures;
import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.evaluator.config.EvaluationConfig;
import io.millrace.evaluator.state.ProbeSet;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.NewLabels;
import io.millrace.schemas.ProbeScore;
import io.millrace.schemas.Task;
import io.millrace.schemas.TaskKind;
import io.millrace.schemas.store.CorruptCheckpointException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** With a tiny encoder under a head that nobody has trained. */
class ModelScorerTest {

    private static final Path ENCODER = Path.of("../encoder/src/test/resources/goldens/bert");
    private static final Compute CPU = new Compute("cpu", Precision.F32);
    private static final EvaluationConfig CONFIG = new EvaluationConfig(CPU, null, null, null, null);

    @TempDir
    private Path model;

    private final ModelScorer scorer = new ModelScorer(() -> {});

    @Test
    void shouldScoreARegressionWithinTheToleranceOfItsTask() throws IOException {
        // Given: what an untrained head says of a text is within a few units of 0
        write(OutputHead.score());
        ProbeSet probeSet = probeSet("0", "1000");

        // When
        ProbeScore score = score(model, regression(50), List.of(probeSet)).get(0);

        // Then
        assertThat(score.accuracy()).isEqualTo(0.5);
        assertThat(score.meanSquaredError()).isBetween(400_000.0, 600_000.0);
        assertThat(score.macroF1()).isNull();
    }

    @Test
    void shouldTakeTheLabelsOfTheCheckpointAndNotThoseOfTheConfiguration() throws IOException {
        // Given
        write(OutputHead.classes(List.of("sport", "politics", "weather")));
        Task task = new Task("topics", TaskKind.SINGLE, List.of(), NewLabels.GROW, 10, 0.5, 100);

        // When
        List<ProbeScore> scores = score(
                model,
                new EvaluatedTask(task, CONFIG),
                List.of(probeSet("sport"), probeSet("politics"), probeSet("weather"), probeSet("unheard of")));

        // Then: one of the three is the prediction
        assertThat(scores)
                .extracting(ProbeScore::accuracy)
                .containsOnlyOnce(1.0)
                .endsWith(0.0);
    }

    @Test
    void shouldSayWhichExamplesAreAnsweredRightInTheirOrder() throws IOException {
        // Given: the same text throughout, so exactly one label is right
        write(OutputHead.classes(List.of("no", "yes")));
        ProbeSet probeSet = probeSet("no", "yes", "yes", "no", "unheard of");
        EvaluatedTask task = new EvaluatedTask(EvaluatorFixtures.TASK.task(), CONFIG);

        // When
        ScoredSet scored = scorer.answers(model, task, List.of(probeSet)).get(0);
        boolean[] right = scorer.right(model, task, probeSet.examples());

        // Then
        BitSet no = BitSet.valueOf(new long[] {0b01001});
        BitSet yes = BitSet.valueOf(new long[] {0b00110});
        assertThat(scored.right()).isIn(no, yes);
        assertThat(scored.score().accuracy()).isEqualTo(0.4);
        assertThat(IntStream.range(0, right.length).filter(i -> right[i]))
                .containsExactlyElementsOf(scored.right().stream().boxed().toList());
        assertThat(right).hasSize(5);
    }

    @Test
    void shouldTakeANumberWithinTheToleranceForRight() throws IOException {
        // Given
        write(OutputHead.score());
        ProbeSet probeSet = probeSet("0", "1000", "1");

        // When
        boolean[] right = scorer.right(model, regression(50), probeSet.examples());

        // Then
        assertThat(right).containsExactly(true, false, true);
    }

    @Test
    void shouldRejectAModelOfAnotherKind() throws IOException {
        // Given
        write(OutputHead.classes(List.of("no", "yes")));

        // When / Then
        assertThatExceptionOfType(CorruptCheckpointException.class)
                .isThrownBy(() -> score(model, regression(0.5), List.of(probeSet("0"))))
                .withMessage("the model gives classes, but task stars asks for numbers."
                        + " It was trained when the task was of another kind.");
    }

    @Test
    void shouldNotTakeADeviceThatIsNotThereForAFaultOfTheCheckpoint() throws IOException {
        // Given: more GPUs than any machine has
        write(OutputHead.classes(List.of("no", "yes")));
        EvaluatedTask onGpu = new EvaluatedTask(
                EvaluatorFixtures.TASK.task(),
                new EvaluationConfig(new Compute("cuda:99", Precision.F32), null, null, null, null));

        // When / Then
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> score(model, onGpu, List.of(probeSet("yes"))))
                .withMessageContaining("compute.device is cuda:99");
    }

    @Test
    void shouldRejectFilesThatMakeNoModel() throws IOException {
        // Given
        write(OutputHead.classes(List.of("no", "yes")));
        Files.writeString(model.resolve("config.json"), "{}");

        // When / Then
        assertThatExceptionOfType(CorruptCheckpointException.class)
                .isThrownBy(() -> score(model, EvaluatorFixtures.TASK, List.of(probeSet("yes"))))
                .withMessageStartingWith("the encoder cannot load it: ");
    }

    private void write(OutputHead head) throws IOException {
        EncoderCheckpoint checkpoint = EncoderCheckpoint.read(ENCODER);
        try (TextEncoder encoder = TextEncoder.open(checkpoint, CPU);
                Weights weights = checkpoint.loadWeights(encoder.manager(), head, new Random(1))) {
            checkpoint.write(model, weights, head, 16);
        }
    }

    private List<ProbeScore> score(Path directory, EvaluatedTask task, List<ProbeSet> probeSets) {
        return scorer.answers(directory, task, probeSets).stream()
                .map(ScoredSet::score)
                .toList();
    }

    private static EvaluatedTask regression(double tolerance) {
        return new EvaluatedTask(
                new Task("stars", TaskKind.REGRESSION, List.of(), NewLabels.REJECT, 10, tolerance, 100), CONFIG);
    }

    /** The same text again and again, with these labels. */
    private static ProbeSet probeSet(String... labels) {
        return ProbeSet.of(
                "known",
                Distribution.IN_DISTRIBUTION,
                IntStream.range(0, labels.length)
                        .mapToObj(i -> example("" + i, "a text", labels[i]))
                        .toList());
    }
}
