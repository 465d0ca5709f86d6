package io.millrace.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.evaluator.models.ModelStore;
import io.millrace.evaluator.score.ScoredExample;
import io.millrace.evaluator.score.ScoredSet;
import io.millrace.evaluator.score.Scorer;
import io.millrace.evaluator.state.ProbeSet;
import io.millrace.evaluator.state.TaskHistory;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.ProbeExample;
import io.millrace.schemas.ProbeScore;
import io.millrace.schemas.Verdict;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** The largest verdict: as many probe sets as there may be, the longest names, every number as long as numbers get. */
class VerdictSizeTest {

    private static final Map<String, String> TOPIC =
            Topics.MODEL_UPDATES.definition().configs();

    @TempDir
    private Path root;

    @Test
    void shouldFitIntoARecordWithTheMostProbeSetsOfTheLongestNames() throws IOException {
        // Given: characters of three bytes, the longest in UTF-8 per UTF-16 unit
        List<ProbeSet> probeSets = IntStream.range(0, ProbeExample.MAX_SETS)
                .mapToObj(set -> ProbeSet.of(
                        String.format(Locale.ROOT, "%03d", set) + "\u2600".repeat(ProbeExample.MAX_SET_CHARS - 3),
                        Distribution.OUT_OF_DISTRIBUTION,
                        List.of(EvaluatorFixtures.example("1", "text", "yes"))))
                .toList();
        CheckpointJudge judge =
                new CheckpointJudge(new ModelStore(root), new LongestScores(), () -> {}, System::nanoTime);
        CheckpointReference first = StoredCheckpoint.write(root, 100, "first");
        CheckpointReference worse = StoredCheckpoint.write(root, 200, "worse");
        TaskHistory history = judge.judge(
                        EvaluatorFixtures.TASK,
                        EvaluatorFixtures.announced(first),
                        TaskHistory.empty(EvaluatorFixtures.CONFIG),
                        probeSets)
                .history();

        // When
        Judgement judgement =
                judge.judge(EvaluatorFixtures.TASK, EvaluatorFixtures.announced(worse), history, probeSets);

        // Then
        assertThat(judgement.update().verdict()).isEqualTo(Verdict.REJECTED);
        assertThat(judgement.update().reasons()).hasSize(ProbeExample.MAX_SETS);
        assertThat(ResultRecords.of(EvaluatorFixtures.KAFKA, judgement, Instant.now()))
                .allSatisfy(record -> assertThat(bytesOf(record))
                        .isLessThan(Integer.parseInt(TOPIC.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG)))
                        .isLessThan((Integer) ProducerConfig.configDef()
                                .defaultValues()
                                .get(ProducerConfig.MAX_REQUEST_SIZE_CONFIG)));
    }

    private static final class LongestScores implements Scorer {

        @Override
        public List<ScoredSet> answers(Path model, EvaluatedTask task, List<ProbeSet> probeSets) {
            boolean worse = weightsOf(model).equals("worse");
            double accuracy = worse ? 0.1234567890123456 : 0.9123456789012345;
            double longest = -1.234567890123456e-300;
            return probeSets.stream()
                    .map(probeSet -> new ScoredSet(
                            probeSet,
                            new ProbeScore(probeSet.reference(), accuracy, longest, longest, longest, longest, longest),
                            List.of(new ScoredExample("yes", worse ? "no" : "yes", 1, 1))))
                    .toList();
        }

        @Override
        public boolean[] right(Path model, EvaluatedTask task, List<LabelledExample> examples) {
            return new boolean[examples.size()];
        }
    }

    private static String weightsOf(Path model) {
        try {
            return Files.readString(model.resolve("model.safetensors"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With more than enough for what Kafka puts around a record: its headers and its batch. */
    private static int bytesOf(ProducerRecord<String, byte[]> record) {
        int around = 4096;
        return record.value().length + record.key().getBytes(StandardCharsets.UTF_8).length + around;
    }
}
