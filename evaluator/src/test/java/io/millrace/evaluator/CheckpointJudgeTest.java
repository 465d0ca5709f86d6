package io.millrace.evaluator;

import static io.millrace.evaluator.EvaluatorFixtures.CONFIG;
import static io.millrace.evaluator.EvaluatorFixtures.TASK;
import static io.millrace.evaluator.EvaluatorFixtures.announced;
import static io.millrace.evaluator.EvaluatorFixtures.announcement;
import static io.millrace.evaluator.EvaluatorFixtures.example;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.evaluator.models.ModelStore;
import io.millrace.evaluator.state.ProbeSet;
import io.millrace.evaluator.state.TaskHistory;
import io.millrace.schemas.Assessment;
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

    private long nanos;
    private FakeScorer scorer;
    private CheckpointJudge judge;

    @BeforeEach
    void openStore() {
        scorer = new FakeScorer();
        judge = new CheckpointJudge(new ModelStore(root), scorer, () -> {}, () -> nanos);
    }

    @Test
    void shouldPublishAPromotedModelAndTellHowItCameToBe() throws IOException {
        // Given
        CheckpointReference checkpoint = StoredCheckpoint.write(root, 100, "0.7");

        // When
        Judgement judgement = judge.judge(TASK, announced(checkpoint), TaskHistory.empty(CONFIG), PROBES);

        // Then
        assertThat(judgement.update().verdict()).isEqualTo(Verdict.PROMOTED);
        assertThat(judgement.update().model().location()).isEqualTo("intent/models/checkpoint-000100");
        assertThat(judgement.update().current()).isNull();
        assertThat(judgement.update().lineage()).isEqualTo(new Lineage("the-parent", new OffsetRange(0, 10, 20)));
        CheckpointEvaluation evaluation = judgement.evaluation().orElseThrow();
        assertThat(evaluation.checkpoint()).isEqualTo(checkpoint);
        assertThat(evaluation.scores()).isEqualTo(judgement.update().scores());
        assertThat(evaluation.details()).hasSameSizeAs(PROBES).allSatisfy(details -> assertThat(details.change())
                .isNull());
        assertThat(root.resolve("intent/models/checkpoint-000100/model.safetensors"))
                .hasContent("0.7");
    }

    @Test
    void shouldTellWhatChangedAgainstTheCurrentModel() throws IOException {
        // Given
        TaskHistory history = historyOf(100, "0.7", PROBES);
        CheckpointReference worse = StoredCheckpoint.write(root, 200, "0.4");

        // When
        Judgement judgement = judge.judge(TASK, announced(worse), history, PROBES);

        // Then
        assertThat(judgement.evaluation().orElseThrow().details()).allSatisfy(details -> {
            assertThat(details.change().from()).isEqualTo("checkpoint-000100");
            assertThat(details.change().newlyRight()).isZero();
            assertThat(details.change().newlyWrong()).isEqualTo(1);
        });
    }

    @Test
    void shouldNotPublishARejectedCheckpoint() throws IOException {
        // Given
        TaskHistory history = historyOf(100, "0.7", PROBES);
        CheckpointReference worse = StoredCheckpoint.write(root, 200, "0.6");

        // When
        Judgement judgement = judge.judge(TASK, announced(worse), history, PROBES);

        // Then
        assertThat(judgement.update().verdict()).isEqualTo(Verdict.REJECTED);
        assertThat(judgement.update().model()).isEqualTo(new PublishedModel(worse, null, null));
        assertThat(judgement.update().reasons())
                .containsExactly(
                        "accuracy on known is 0.600, more than the margin 0.020 below the best promoted 0.700 of checkpoint-000100",
                        "accuracy on typos is 0.600, more than the margin 0.020 below the best promoted 0.700 of checkpoint-000100");
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
        Judgement judgement = judge.judge(TASK, announced(worse), history, PROBES);

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
        Judgement judgement = judge.judge(TASK, announced(checkpoint), history, changed);

        // Then
        assertThat(scorer.asked()).containsExactly("0.69 on [known, typos]", "0.7 on [typos]");
        assertThat(judgement.update().verdict()).isEqualTo(Verdict.PROMOTED);
        assertThat(judgement.update().assessment()).isEqualTo(Assessment.NOT_INFERIOR);
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
                        announced(StoredCheckpoint.write(root, 200, "0.5")),
                        historyOf(100, "0.7", PROBES),
                        changed)
                .history();
        scorer.asked().clear();

        // When
        judge.judge(TASK, announced(StoredCheckpoint.write(root, 300, "0.6")), afterRejection, changed);

        // Then
        assertThat(scorer.asked()).containsExactly("0.6 on [known]");
    }

    @Test
    void shouldPromoteWhatNothingCanBeComparedWithWhenTheCurrentModelIsGone() throws IOException {
        // Given
        TaskHistory history = historyOf(100, "0.7", PROBES);
        Files.delete(root.resolve("intent/models/checkpoint-000100/model.safetensors"));
        CheckpointReference checkpoint = StoredCheckpoint.write(root, 200, "0.5");

        // When
        Judgement judgement =
                judge.judge(TASK, announced(checkpoint), history, List.of(probeSet("known", "other text")));

        // Then
        assertThat(judgement.update().verdict()).isEqualTo(Verdict.PROMOTED);
        assertThat(judgement.update().reasons())
                .containsExactly("on no probe set more than the margin below the best promoted score");
        assertThat(judgement.update().evidence().champion().usable()).isFalse();
        assertThat(judgement.update().evidence().probes()).singleElement().satisfies(probe -> assertThat(probe.best())
                .isNull());
    }

    @Test
    void shouldRejectACheckpointThatAnswersTheSmokeSetTooSlowly() throws IOException {
        // Given
        CheckpointReference slow = StoredCheckpoint.write(root, 100, "0.7");
        CheckpointJudge waiting = judgeWith(() -> nanos += 30_001_000_000L);

        // When
        Judgement judgement = waiting.judge(TASK, announced(slow), TaskHistory.empty(CONFIG), PROBES);

        // Then
        assertThat(judgement.update().assessment()).isEqualTo(Assessment.UNREADABLE);
        assertThat(judgement.update().reasons())
                .containsExactly("it took 30001 ms to load and to answer 2 examples, more than"
                        + " evaluation.smokeTimeout, 30000 ms");
        assertThat(published()).isEmpty();
    }

    @Test
    void shouldRejectACheckpointThatCannotBeRead() throws IOException {
        // Given
        TaskHistory history = historyOf(100, "0.7", PROBES);
        CheckpointReference torn = StoredCheckpoint.write(root, 200, "0.7");
        Files.delete(root.resolve(torn.location()).resolve("tokenizer.json"));

        // When
        Judgement judgement = judge.judge(TASK, announced(torn), history, PROBES);

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
        Judgement judgement = judge.judge(TASK, announced(checkpoint), TaskHistory.empty(CONFIG), PROBES);

        // Then
        assertThat(judgement.update().verdict()).isEqualTo(Verdict.REJECTED);
        assertThat(judgement.update().reasons()).containsExactly("the weights are broken");
        assertThat(published()).isEmpty();
    }

    @Test
    void shouldGiveNoVerdictWhenScoringFailsForAnotherReasonThanTheFiles() throws IOException {
        // Given
        CheckpointReference checkpoint = StoredCheckpoint.write(root, 100, "0.7");
        CheckpointJudge failing = judgeWith(() -> {
            throw new IllegalStateException("out of memory");
        });

        // When / Then
        assertThatThrownBy(() -> failing.judge(TASK, announced(checkpoint), TaskHistory.empty(CONFIG), PROBES))
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
        history = judge.judge(TASK, announced(StoredCheckpoint.write(root, 200, "0.7")), history, PROBES)
                .history();

        // When
        Judgement promotion = judge.judge(TASK, announced(StoredCheckpoint.write(root, 300, "0.7")), history, PROBES);
        Judgement next =
                judge.judge(TASK, announced(StoredCheckpoint.write(root, 400, "0.1")), promotion.history(), PROBES);

        // Then: once more with the next verdict, in case that nobody could delete it; what was rejected was not
        // published
        assertThat(promotion.outdated()).containsExactly("checkpoint-000100");
        assertThat(next.outdated()).containsExactly("checkpoint-000100", "checkpoint-000400");
    }

    @Test
    void shouldLeaveNoTraceOfACheckpointThatIsGivenUp() throws IOException {
        // Given
        CheckpointReference checkpoint = StoredCheckpoint.write(root, 100, "0.7");
        CheckpointJudge stopping = judgeWith(() -> {
            throw new WakeupException();
        });

        // When / Then
        assertThatThrownBy(() -> stopping.judge(TASK, announced(checkpoint), TaskHistory.empty(CONFIG), PROBES))
                .isInstanceOf(WakeupException.class);
        assertThat(published()).isEmpty();
    }

    @Test
    void shouldNotPublishWhatNobodyWaitsForAnyMore() throws IOException {
        // Given: given up between the scores and the verdict
        CheckpointReference checkpoint = StoredCheckpoint.write(root, 100, "0.7");
        CheckpointJudge givenUp = new CheckpointJudge(
                new ModelStore(root),
                scorer,
                () -> {
                    throw new CancellationException();
                },
                () -> nanos);

        // When / Then
        assertThatThrownBy(() -> givenUp.judge(TASK, announced(checkpoint), TaskHistory.empty(CONFIG), PROBES))
                .isInstanceOf(CancellationException.class);
        assertThat(published()).isEmpty();
    }

    /** A judge whose every question to a model ends with {@code failure}. */
    private CheckpointJudge judgeWith(Runnable failure) {
        return new CheckpointJudge(new ModelStore(root), new FakeScorer(failure), () -> {}, () -> nanos);
    }

    private TaskHistory historyOf(long step, String weights, List<ProbeSet> probeSets) throws IOException {
        Judgement judgement = judge.judge(
                TASK, announced(StoredCheckpoint.write(root, step, weights)), TaskHistory.empty(CONFIG), probeSets);
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
