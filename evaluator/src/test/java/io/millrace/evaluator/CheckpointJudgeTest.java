package io.millrace.evaluator;

import static io.millrace.evaluator.EvaluatorFixtures.CONFIG;
import static io.millrace.evaluator.EvaluatorFixtures.TASK;
import static io.millrace.evaluator.EvaluatorFixtures.announcement;
import static io.millrace.evaluator.EvaluatorFixtures.example;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.evaluator.models.ModelStore;
import io.millrace.evaluator.state.ProbeSet;
import io.millrace.evaluator.state.TaskHistory;
import io.millrace.schemas.CheckpointEvaluation;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.DriftPhase;
import io.millrace.schemas.ModelUpdate.CurrentModel;
import io.millrace.schemas.ModelUpdate.Lineage;
import io.millrace.schemas.ModelUpdate.PublishedModel;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.ProbeScore;
import io.millrace.schemas.Verdict;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;

class CheckpointJudgeTest {

    private static final List<ProbeSet> PROBES = List.of(probeSet("known", "text"), probeSet("typos", "text"));

    @TempDir
    private Path root;

    private FakeScorer scorer;
    private CheckpointJudge judge;

    @BeforeEach
    void openStore() {
        scorer = new FakeScorer();
        judge = new CheckpointJudge(new ModelStore(root), scorer, () -> {});
    }

    @Test
    void shouldPublishAPromotedModelAndTellHowItCameToBe() throws IOException {
        // Given
        CheckpointReference checkpoint = StoredCheckpoint.write(root, 100, "0.7");

        // When
        Judgement judgement = judge.judge(TASK, announcement(checkpoint), TaskHistory.empty(CONFIG), PROBES);

        // Then
        assertThat(judgement.update().verdict()).isEqualTo(Verdict.PROMOTED);
        assertThat(judgement.update().model().location()).isEqualTo("intent/models/checkpoint-000100");
        assertThat(judgement.update().current()).isNull();
        assertThat(judgement.update().lineage()).isEqualTo(new Lineage("the-parent", new OffsetRange(0, 10, 20)));
        assertThat(judgement.evaluation())
                .contains(
                        new CheckpointEvaluation(checkpoint, judgement.update().scores()));
        assertThat(root.resolve("intent/models/checkpoint-000100/model.safetensors"))
                .hasContent("0.7");
    }

    @Test
    void shouldNotPublishARejectedCheckpoint() throws IOException {
        // Given
        TaskHistory history = historyOf(100, "0.7", PROBES);
        CheckpointReference worse = StoredCheckpoint.write(root, 200, "0.6");

        // When
        Judgement judgement = judge.judge(TASK, announcement(worse), history, PROBES);

        // Then
        assertThat(judgement.update().verdict()).isEqualTo(Verdict.REJECTED);
        assertThat(judgement.update().model()).isEqualTo(new PublishedModel(worse, null, null));
        assertThat(judgement.update().reasons())
                .containsExactly(
                        "accuracy on known fell from 0.700 to 0.600, more than the margin 0.020",
                        "accuracy on typos fell from 0.700 to 0.600, more than the margin 0.020");
        assertThat(judgement.update().current()).isEqualTo(history.current().orElseThrow());
        assertThat(judgement.history().current()).isEqualTo(history.current());
        assertThat(published()).containsExactly("checkpoint-000100");
    }

    @Test
    void shouldReportDriftAgainstTheBestSoFar() throws IOException {
        // Given
        TaskHistory history = historyOf(100, "0.7", PROBES);
        CheckpointReference worse = StoredCheckpoint.write(root, 200, "0.6");

        // When
        Judgement judgement = judge.judge(TASK, announcement(worse), history, PROBES);

        // Then
        assertThat(judgement.drift())
                .extracting(DriftEvent::metric)
                .containsExactly("accuracy/known", "accuracy/typos");
        assertThat(judgement.drift()).extracting(DriftEvent::phase).containsOnly(DriftPhase.STARTED);
        assertThat(judgement.history().series().get("typos").forgetting()).isGreaterThan(0.05);
    }

    @Test
    void shouldScoreTheCurrentModelAgainOnlyOnProbeSetsThatHaveChanged() throws IOException {
        // Given
        TaskHistory history = historyOf(100, "0.7", PROBES);
        CheckpointReference checkpoint = StoredCheckpoint.write(root, 200, "0.69");
        List<ProbeSet> changed = List.of(probeSet("known", "text"), probeSet("typos", "other text"));
        scorer.asked().clear();

        // When
        Judgement judgement = judge.judge(TASK, announcement(checkpoint), history, changed);

        // Then
        assertThat(scorer.asked()).containsExactly("0.69 on [known, typos]", "0.7 on [typos]");
        assertThat(judgement.update().verdict()).isEqualTo(Verdict.PROMOTED);
        assertThat(judgement.update().reasons()).isEmpty();
        assertThat(judgement.update().current().scores())
                .extracting(ProbeScore::probeSet)
                .containsExactly(changed.get(0).reference(), changed.get(1).reference());
    }

    @Test
    void shouldNotScoreTheCurrentModelAgainOnceARejectionHasToldItsNewScores() throws IOException {
        // Given
        List<ProbeSet> changed = List.of(probeSet("known", "other text"));
        TaskHistory afterRejection = judge.judge(
                        TASK,
                        announcement(StoredCheckpoint.write(root, 200, "0.5")),
                        historyOf(100, "0.7", PROBES),
                        changed)
                .history();
        scorer.asked().clear();

        // When
        judge.judge(TASK, announcement(StoredCheckpoint.write(root, 300, "0.6")), afterRejection, changed);

        // Then
        assertThat(scorer.asked()).containsExactly("0.6 on [known]");
    }

    @Test
    void shouldSayWhatItCouldNotCompareWhenTheCurrentModelIsGone() throws IOException {
        // Given
        TaskHistory history = historyOf(100, "0.7", PROBES);
        Files.delete(root.resolve("intent/models/checkpoint-000100/model.safetensors"));
        CheckpointReference checkpoint = StoredCheckpoint.write(root, 200, "0.5");

        // When
        Judgement judgement =
                judge.judge(TASK, announcement(checkpoint), history, List.of(probeSet("known", "other text")));

        // Then
        assertThat(judgement.update().verdict()).isEqualTo(Verdict.PROMOTED);
        assertThat(judgement.update().reasons())
                .containsExactly("known was not compared: the current model has no score on this version");
    }

    @Test
    void shouldRejectACheckpointThatCannotBeRead() throws IOException {
        // Given
        TaskHistory history = historyOf(100, "0.7", PROBES);
        CheckpointReference torn = StoredCheckpoint.write(root, 200, "0.7");
        Files.delete(root.resolve(torn.location()).resolve("tokenizer.json"));

        // When
        Judgement judgement = judge.judge(TASK, announcement(torn), history, PROBES);

        // Then
        assertThat(judgement.evaluation()).isEmpty();
        assertThat(judgement.drift()).isEmpty();
        assertThat(judgement.update().verdict()).isEqualTo(Verdict.REJECTED);
        assertThat(judgement.update().scores()).isEmpty();
        assertThat(judgement.update().reasons()).singleElement().asString().contains("tokenizer.json is missing");
        assertThat(judgement.history().current()).isEqualTo(history.current());
        assertThat(judgement.history().series()).isEqualTo(history.series());
    }

    @Test
    void shouldRejectACheckpointThatIsWholeButNoModel() throws IOException {
        // Given
        CheckpointReference checkpoint = StoredCheckpoint.write(root, 100, "broken");

        // When
        Judgement judgement = judge.judge(TASK, announcement(checkpoint), TaskHistory.empty(CONFIG), PROBES);

        // Then
        assertThat(judgement.update().verdict()).isEqualTo(Verdict.REJECTED);
        assertThat(judgement.update().reasons()).containsExactly("the weights are broken");
        assertThat(published()).isEmpty();
    }

    @Test
    void shouldGiveNoVerdictWhenScoringFailsForAnotherReasonThanTheFiles() throws IOException {
        // Given
        CheckpointReference checkpoint = StoredCheckpoint.write(root, 100, "0.7");
        CheckpointJudge failing = new CheckpointJudge(
                new ModelStore(root),
                (model, task, probeSets) -> {
                    throw new IllegalStateException("out of memory");
                },
                () -> {});

        // When / Then
        assertThatThrownBy(() -> failing.judge(TASK, announcement(checkpoint), TaskHistory.empty(CONFIG), PROBES))
                .hasMessage("out of memory");
        assertThat(published()).isEmpty();
    }

    @Test
    void shouldCutTheReasonOfARejection() {
        // When
        Judgement judgement = judge.unreadable(
                announcement(EvaluatorFixtures.checkpoint(100)), TaskHistory.empty(CONFIG), "x".repeat(1_000_000));

        // Then
        assertThat(judgement.update().reasons())
                .singleElement()
                .asString()
                .hasSize(1000)
                .endsWith("...");
    }

    @Test
    void shouldDeleteTheModelsThatThePromotionPushesOutAndNoOthers() throws IOException {
        // Given: two models are kept
        TaskHistory history = historyOf(100, "0.7", PROBES);
        history = judge.judge(TASK, announcement(StoredCheckpoint.write(root, 200, "0.7")), history, PROBES)
                .history();

        // When
        Judgement promotion =
                judge.judge(TASK, announcement(StoredCheckpoint.write(root, 300, "0.7")), history, PROBES);
        Judgement next =
                judge.judge(TASK, announcement(StoredCheckpoint.write(root, 400, "0.1")), promotion.history(), PROBES);

        // Then: once more with the next verdict, in case that nobody could delete it; what was rejected was not
        // published
        assertThat(promotion.outdated()).containsExactly("checkpoint-000100");
        assertThat(next.outdated()).containsExactly("checkpoint-000100", "checkpoint-000400");
    }

    @Test
    void shouldLeaveNoTraceOfACheckpointThatIsGivenUp() throws IOException {
        // Given
        CheckpointReference checkpoint = StoredCheckpoint.write(root, 100, "0.7");
        CheckpointJudge stopping = new CheckpointJudge(
                new ModelStore(root),
                (model, compute, probeSets) -> {
                    throw new WakeupException();
                },
                () -> {});

        // When / Then
        assertThatThrownBy(() -> stopping.judge(TASK, announcement(checkpoint), TaskHistory.empty(CONFIG), PROBES))
                .isInstanceOf(WakeupException.class);
        assertThat(published()).isEmpty();
    }

    @Test
    void shouldNotPublishWhatNobodyWaitsForAnyMore() throws IOException {
        // Given: given up between the scores and the verdict
        CheckpointReference checkpoint = StoredCheckpoint.write(root, 100, "0.7");
        CheckpointJudge givenUp = new CheckpointJudge(new ModelStore(root), scorer, () -> {
            throw new CancellationException();
        });

        // When / Then
        assertThatThrownBy(() -> givenUp.judge(TASK, announcement(checkpoint), TaskHistory.empty(CONFIG), PROBES))
                .isInstanceOf(CancellationException.class);
        assertThat(published()).isEmpty();
    }

    private TaskHistory historyOf(long step, String weights, List<ProbeSet> probeSets) throws IOException {
        Judgement judgement = judge.judge(
                TASK, announcement(StoredCheckpoint.write(root, step, weights)), TaskHistory.empty(CONFIG), probeSets);
        assertThat(judgement.history().current())
                .map(CurrentModel::model)
                .isEqualTo(Optional.of(judgement.update().model()));
        return judgement.history();
    }

    private List<String> published() throws IOException {
        try (Stream<Path> models = Files.list(root.resolve("intent/models"))) {
            return models.map(path -> path.getFileName().toString()).toList();
        }
    }

    private static ProbeSet probeSet(String name, String text) {
        return ProbeSet.of(name, Distribution.IN_DISTRIBUTION, List.of(example("1", text, "yes")));
    }
}
