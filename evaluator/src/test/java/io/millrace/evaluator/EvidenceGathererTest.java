package io.millrace.evaluator;

import static io.millrace.evaluator.EvaluatorFixtures.announced;
import static io.millrace.evaluator.EvaluatorFixtures.checkpoint;
import static io.millrace.evaluator.EvaluatorFixtures.example;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.evaluator.EvidenceGatherer.Answered;
import io.millrace.evaluator.EvidenceGatherer.Gathered;
import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.evaluator.config.EvaluationConfig;
import io.millrace.evaluator.config.EvidenceConfig;
import io.millrace.evaluator.state.ProbeSet;
import io.millrace.evaluator.state.TaskHistory;
import io.millrace.schemas.Assessment;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.FreshExample;
import io.millrace.schemas.GateEvidence;
import io.millrace.schemas.GateEvidence.BestScore;
import io.millrace.schemas.GateEvidence.ProbeComparison;
import io.millrace.schemas.GateRule;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.ModelUpdate.Lineage;
import io.millrace.schemas.ModelUpdate.PublishedModel;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.Verdict;
import io.millrace.schemas.store.CorruptCheckpointException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

class EvidenceGathererTest {

    private static final Path CHAMPION = Path.of("champion");
    private static final Path CANDIDATE = Path.of("candidate");
    private static final List<ProbeSet> PROBES = List.of(ProbeSet.of(
            "known",
            Distribution.IN_DISTRIBUTION,
            IntStream.range(0, 100)
                    .mapToObj(i -> example("id-" + i, "text", "yes"))
                    .toList()));
    private static final List<FreshExample> FRESH = IntStream.range(0, 10)
            .mapToObj(i -> new FreshExample(example("fresh-" + i, "text", "yes"), i < 8))
            .toList();

    private final SimulatedModels models = new SimulatedModels(1);
    private boolean championIsGone;
    private final EvidenceGatherer gatherer = new EvidenceGatherer(new ChampionAnswers(
            model -> {
                if (championIsGone) {
                    throw new CorruptCheckpointException("gone");
                }
                return CHAMPION;
            },
            models));
    private TaskHistory history;

    @BeforeEach
    void champion() {
        models.add(CHAMPION, PROBES, 0.8);
        models.swap(CANDIDATE, CHAMPION, PROBES, 5);
        history = after(TaskHistory.empty(config(10)), answered(100, 100, FRESH), Verdict.PROMOTED);
        // Five of the ten: the champion is right on the first five.
        models.championIsRight(new boolean[] {true, true, true, true, true, false, false, false, false, false});
    }

    @Test
    void shouldCompareWithTheChampionOnFreshExamplesAndOnProbes() {
        // When
        GateEvidence evidence =
                gatherer.gather(answered(200, 160, FRESH), history).numbers();

        // Then
        assertThat(evidence.fresh()).satisfies(fresh -> {
            assertThat(fresh.champion()).isEqualTo("checkpoint-000100");
            assertThat(fresh.examples()).isEqualTo(10);
            assertThat(fresh.liveRight()).isEqualTo(8);
            assertThat(fresh.championRight()).isEqualTo(5);
            assertThat(fresh.offsets()).isEqualTo(new OffsetRange(0, 10, 20));
        });
        assertThat(evidence.champion())
                .isEqualTo(new GateEvidence.Champion("checkpoint-000100", true, 60L, 86_400, 10, 20_000));
        assertThat(evidence.probes()).singleElement().satisfies(probe -> {
            assertThat(probe.gained()).isEqualTo(5);
            assertThat(probe.lost()).isEqualTo(5);
            assertThat(probe.best()).extracting(BestScore::checkpoint).isEqualTo("checkpoint-000100");
        });
    }

    @Test
    void shouldAddUpWhatTheCheckpointsOfOneChampionBring() {
        // When
        TaskHistory later = after(history, answered(200, 160, FRESH), Verdict.REJECTED);
        GateEvidence evidence =
                gatherer.gather(answered(300, 220, FRESH), later).numbers();

        // Then
        assertThat(evidence.fresh().examples()).isEqualTo(20);
        assertThat(evidence.champion().examples()).isEqualTo(20);
        assertThat(evidence.champion().seconds()).isEqualTo(120);
    }

    @Test
    void shouldBeginAnewWithANewChampion() {
        // Given
        TaskHistory promoted = after(history, answered(200, 160, FRESH), Verdict.PROMOTED);

        // When
        GateEvidence evidence =
                gatherer.gather(answered(300, 220, FRESH), promoted).numbers();

        // Then
        assertThat(evidence.fresh().champion()).isEqualTo("checkpoint-000200");
        assertThat(evidence.fresh().examples()).isEqualTo(10);
    }

    @Test
    void shouldNotAskAnOverdueChampionFreshExamples() {
        // When: four days old, and old after one
        GateEvidence evidence =
                gatherer.gather(answered(200, 100 + 4 * 86_400, FRESH), history).numbers();

        // Then
        assertThat(evidence.fresh()).isNull();
        assertThat(evidence.champion().isOverdue()).isTrue();
        assertThat(evidence.probes()).singleElement().satisfies(probe -> assertThat(probe.gained())
                .isEqualTo(5));
    }

    @Test
    void shouldTakeOnlyTheNewestFreshExamplesThatAreAskedFor() {
        // Given
        models.championIsRight(new boolean[] {false, false, true});

        // When: of the newest three, one was right
        GateEvidence evidence =
                gatherer.gather(answered(200, 160, FRESH, 3), history).numbers();

        // Then
        assertThat(evidence.fresh().examples()).isEqualTo(3);
        assertThat(evidence.fresh().liveRight()).isEqualTo(1);
        assertThat(evidence.fresh().championRight()).isEqualTo(1);
    }

    @Test
    void shouldNotCallExamplesFreshThatTheChampionWasTrainedOn() {
        // When: training has been set back behind the champion
        GateEvidence evidence =
                gatherer.gather(answered(90, 160, FRESH), history).numbers();

        // Then
        assertThat(evidence.fresh()).isNull();
    }

    @Test
    void shouldKeepWhatIsKnownWhenACheckpointHasNoFreshExamples() {
        // Given
        TaskHistory later = after(history, answered(200, 160, FRESH), Verdict.REJECTED);

        // When: as those of old versions
        GateEvidence evidence =
                gatherer.gather(answered(300, 220, List.of()), later).numbers();

        // Then
        assertThat(evidence.fresh()).isEqualTo(later.gate().fresh());
    }

    @Test
    void shouldTakeAClockThatWasSetBackAsNoTimeAtAll() {
        // When
        GateEvidence evidence =
                gatherer.gather(answered(200, -5_000_000, FRESH), history).numbers();

        // Then
        assertThat(evidence.champion().seconds()).isZero();
        assertThat(evidence.champion().examples()).isEqualTo(10);
    }

    @Test
    void shouldSayThatTheChampionCannotBeUsedWhenItsFilesAreGone() {
        // Given
        championIsGone = true;
        EvidenceGatherer ofAnotherProcess = new EvidenceGatherer(new ChampionAnswers(
                model -> {
                    throw new CorruptCheckpointException("gone");
                },
                models));

        // When
        Gathered gathered = ofAnotherProcess.gather(answered(200, 160, FRESH), history);

        // Then: what was known of it still counts
        assertThat(gathered.numbers().champion().usable()).isFalse();
        assertThat(gathered.numbers().fresh()).isNull();
        assertThat(gathered.numbers().probes()).singleElement().satisfies(probe -> {
            assertThat(probe.gained()).isNull();
            assertThat(probe.best()).isNotNull();
        });
        assertThat(gathered.current()).contains(history.current().orElseThrow());
    }

    @Test
    void shouldWidenTheMarginOfASmallProbeSet() {
        // When
        List<ProbeComparison> probes =
                gatherer.gather(answered(200, 160, FRESH), history).numbers().probes();

        // Then: 100 examples, one set
        assertThat(probes.get(0).margin()).isBetween(0.078, 0.079);
    }

    private Answered answered(long step, long seconds, List<FreshExample> fresh) {
        return answered(step, seconds, fresh, 10);
    }

    private Answered answered(long step, long seconds, List<FreshExample> fresh, int asked) {
        EvaluatedTask task = new EvaluatedTask(EvaluatorFixtures.TASK.task(), config(asked));
        Path model = step == 100 ? CHAMPION : CANDIDATE;
        return new Answered(task, announced(checkpoint(step), seconds), fresh, models.answers(model, task, PROBES), 7);
    }

    private static EvaluationConfig config(int asked) {
        return EvaluationConfig.defaults()
                .withGate(GateRule.EVIDENCE, new EvidenceConfig(null, null, null, Duration.ofDays(1), 20_000L, asked));
    }

    private TaskHistory after(TaskHistory before, Answered answered, Verdict verdict) {
        Gathered gathered = gatherer.gather(answered, before);
        return before.after(new ModelUpdate(
                verdict,
                List.of(),
                new PublishedModel(answered.announcement().checkpoint(), "there", "hash"),
                answered.scores(),
                gathered.current().orElse(null),
                new Lineage(null, answered.announcement().offsets()),
                verdict == Verdict.PROMOTED ? Assessment.IMPROVED : Assessment.INSUFFICIENT_EVIDENCE,
                gathered.numbers(),
                null));
    }
}
