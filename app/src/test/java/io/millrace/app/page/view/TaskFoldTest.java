package io.millrace.app.page.view;

import static io.millrace.app.page.view.PageEvents.announcement;
import static io.millrace.app.page.view.PageEvents.at;
import static io.millrace.app.page.view.PageEvents.drift;
import static io.millrace.app.page.view.PageEvents.evaluation;
import static io.millrace.app.page.view.PageEvents.id;
import static io.millrace.app.page.view.PageEvents.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.schemas.DriftPhase;
import io.millrace.schemas.Verdict;
import io.millrace.schemas.kafka.RejectionHeaders;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

class TaskFoldTest {

    private final TaskFold fold = new TaskFold(PageEvents.task(PageEvents.TASK));

    @Test
    void shouldShowVerdictsInWhateverOrderTheTopicsAreRead() {
        // Given
        fold.modelUpdate(update(Verdict.PROMOTED, 10, "the first"), at(12));
        fold.evaluation(evaluation(10, 0.7, 0.5));

        // When
        fold.checkpoint(announcement(10, null), at(10));

        // Then
        PageState.Checkpoint shown = shown().models().checkpoints().get(0);
        assertThat(shown.verdict()).isEqualTo("promoted");
        assertThat(shown.reasons()).containsExactly("the first");
        assertThat(shown.scores()).containsEntry("known", 0.7).containsEntry("typos", 0.5);
        assertThat(shown.evidence()).containsExactly("the event has no evidence: an old version wrote it");
        assertThat(shown.at()).isEqualTo(at(10));
    }

    @Test
    void shouldFollowTheLineOfTheCurrentModelToTheFirstCheckpoint() {
        // Given
        fold.checkpoint(announcement(10, null), at(10));
        fold.checkpoint(announcement(20, 10L), at(20));
        fold.checkpoint(announcement(30, 20L), at(30));

        // When
        fold.modelUpdate(update(Verdict.PROMOTED, 20), at(31));
        fold.modelUpdate(update(Verdict.REJECTED, 30), at(32));

        // Then
        PageState.Models shown = shown().models();
        assertThat(shown.champion().id()).isEqualTo(id(20));
        assertThat(shown.newest().id()).isEqualTo(id(30));
        assertThat(shown.lineage()).extracting(PageState.Ancestor::id).containsExactly(id(20), id(10));
        assertThat(shown.lineage().get(0).first()).isEqualTo(100);
        assertThat(shown.lineageIsWhole()).isTrue();
        assertThat(shown.marks()).containsExactly(new PageState.Mark(20, true), new PageState.Mark(30, false));
        assertThat(shown().training().examples()).isEqualTo(300);
        assertThat(shown.promoted()).isEqualTo(1);
    }

    @Test
    void shouldMarkCheckpointsThatTrainingWentBackBehind() {
        // Given
        fold.checkpoint(announcement(10, null), at(10));
        fold.checkpoint(announcement(20, 10L), at(20));

        // When
        fold.checkpoint(announcement(11, 10L), at(30));

        // Then
        assertThat(shown().models().checkpoints())
                .extracting(PageState.Checkpoint::step, PageState.Checkpoint::undone)
                .containsExactly(tuple(11L, false), tuple(20L, true), tuple(10L, false));
    }

    @Test
    void shouldKeepSoManyCheckpointsAndAlwaysTheCurrentModel() {
        // Given
        fold.checkpoint(announcement(1, null), at(1));
        fold.modelUpdate(update(Verdict.PROMOTED, 1), at(1));

        // When
        for (long step = 2; step <= CheckpointFold.MAX_KEPT + 50; step++) {
            fold.checkpoint(announcement(step, step - 1), at(step));
        }

        // Then
        PageState.Models shown = shown().models();
        assertThat(shown.champion().step()).isEqualTo(1);
        assertThat(shown.checkpoints()).hasSize(60);
        assertThat(shown.checkpoints().get(0).step()).isEqualTo(CheckpointFold.MAX_KEPT + 50L);
        assertThat(shown.announced()).isEqualTo(CheckpointFold.MAX_KEPT + 50L);
    }

    @Test
    void shouldDrawEveryStepOfThisProcessAndTheMeansOfOthers() {
        // Given
        fold.checkpoint(announcement(2, null), at(2));

        // When
        fold.step(3, Map.of("taskLoss", 1.5, "miniBatchAccuracy", 0.25, "prequentialAccuracy", 0.6));

        // Then
        Thinned steps = fold.extract(extract(Chart.LOSS, true));
        Thinned means = fold.extract(extract(Chart.LOSS, false));
        assertThat(steps.x()).containsExactly(3L);
        assertThat(means.x()).containsExactly(2L);
        assertThat(means.series()).extracting(Thinned.Series::name).containsExactly("taskLoss", "totalLoss");
        assertThat(fold.extract(extract(Chart.ACCURACY, true)).series())
                .extracting(Thinned.Series::name)
                .containsExactly("prequentialAccuracy", "miniBatchAccuracy");
        assertThat(shown().training().accuracy()).isEqualTo(0.6);
        assertThat(shown().training().losses()).containsEntry("taskLoss", 1.5);
        assertThat(shown().training().step()).isEqualTo(3);
    }

    @Test
    void shouldSeparateTheDistributionsAndTheScores() {
        // When
        fold.evaluation(evaluation(10, 0.7, 0.5));

        // Then
        assertThat(fold.extract(extract(Chart.IN, true)).series())
                .containsExactly(new Thinned.Series("known", List.of(0.7)));
        assertThat(fold.extract(new Extract(Chart.OUT, true, "negativeLogLikelihood", 0, 99, 100))
                        .series())
                .containsExactly(new Thinned.Series("typos", List.of(2.5)));
        assertThat(shown().scores().names()).containsExactly("accuracy", "negativeLogLikelihood");
    }

    @Test
    void shouldJoinTheEventsOfAnEpisode() {
        // Given
        fold.drift(drift(DriftPhase.STARTED, "vocabulary", 50, "e1", List.of("flight", "hotel")), at(50));
        fold.drift(drift(DriftPhase.STARTED, "testThenTrain", 52, "e1", null), at(52));
        fold.drift(drift(DriftPhase.RECOVERED, "vocabulary", 70, "e1", null), at(70));
        Long before = shown().drift().get(0).to();

        // When
        fold.drift(drift(DriftPhase.RECOVERED, "testThenTrain", 80, "e1", null), at(80));

        // Then
        PageState.Episode episode = shown().drift().get(0);
        assertThat(before).isNull();
        assertThat(episode.from()).isEqualTo(50);
        assertThat(episode.to()).isEqualTo(80);
        assertThat(episode.words()).containsExactly("flight", "hotel");
        assertThat(episode.examples()).containsExactly("book a flight → travel");
        assertThat(episode.metrics()).extracting(PageState.Metric::name).containsExactly("vocabulary", "testThenTrain");
    }

    @Test
    void shouldKeepTheNewestEpisodes() {
        // When
        for (int i = 0; i < DriftFold.MAX_KEPT + 20; i++) {
            fold.drift(drift(DriftPhase.STARTED, "vocabulary", i, "e" + i, List.of()), at(i));
        }

        // Then
        assertThat(shown().drift()).hasSize(30);
        assertThat(shown().drift().get(0).id()).isEqualTo("e" + (DriftFold.MAX_KEPT + 19));
    }

    @Test
    void shouldCountRejectedExamplesByReasonWithTheirNewestSamples() {
        // When
        for (int i = 0; i < 9; i++) {
            fold.rejected(rejected("unknown-label", "{\"id\":\"" + i + "\",\"text\":\"hi\"}"));
        }
        fold.rejected(rejected("empty-text", "{}"));

        // Then
        List<PageState.Rejected> shown = shown().rejected();
        assertThat(shown).extracting(PageState.Rejected::reason).containsExactly("unknown-label", "empty-text");
        assertThat(shown.get(0).count()).isEqualTo(9);
        assertThat(shown.get(0).samples()).hasSize(5);
        assertThat(shown.get(0).samples().get(0).id()).isEqualTo("8");
        assertThat(shown.get(0).samples().get(0).text()).isEqualTo("hi");
    }

    @Test
    void shouldCountReasonsThatNobodyKnowsTogether() {
        // When
        for (int i = 0; i < RejectedFold.MAX_REASONS + 7; i++) {
            fold.rejected(rejected("made-up-" + i, "{}"));
        }

        // Then
        assertThat(shown().rejected()).hasSize(RejectedFold.MAX_REASONS + 1);
        assertThat(shown().rejected().get(0)).matches(other -> other.reason().equals("other") && other.count() == 7);
    }

    private PageState.Task shown() {
        return fold.shown(Map.of());
    }

    private static Extract extract(Chart chart, boolean perStep) {
        return new Extract(chart, perStep, "accuracy", 0, Long.MAX_VALUE, 100);
    }

    private static ConsumerRecord<String, byte[]> rejected(String reason, String value) {
        ConsumerRecord<String, byte[]> record = new ConsumerRecord<>(
                "rejected-examples", 0, 0, PageEvents.TASK, value.getBytes(StandardCharsets.UTF_8));
        record.headers().add(RejectionHeaders.REASON, reason.getBytes(StandardCharsets.UTF_8));
        return record;
    }
}
