package io.millrace.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.schemas.Adjustments;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.PolicyState;
import io.millrace.schemas.Reaction;
import io.millrace.schemas.Reaction.Action;
import io.millrace.schemas.Reaction.Cause;
import io.millrace.schemas.Verdict;
import io.millrace.schemas.kafka.RejectionHeaders;
import io.millrace.schemas.store.CheckpointManifest;
import io.millrace.trainer.config.CheckpointConfig;
import io.millrace.trainer.config.DriftConfig;
import io.millrace.trainer.config.DriftDetector;
import io.millrace.trainer.config.Method;
import io.millrace.trainer.config.PolicyConfig;
import io.millrace.trainer.config.Response;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.config.TrainingConfigs;
import io.millrace.trainer.lineage.Announcements;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A task with checkpoints of steps 2, 4, 6 and so on, eight examples each, whose policy answers two rejections in a row. */
class TaskTrainerPolicyTest {

    private static final Adjustments HALF_RATE = new Adjustments(0.5, 1, null);

    @TempDir
    private Path root;

    private final Announcements announcements = new Announcements();
    private final PublishedVerdicts verdicts = new PublishedVerdicts();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void shouldTrainAtALowerRateAfterRejectionsInARow() {
        try (RunningTask task = open(answering(Response.LOWER_LEARNING_RATE))) {
            // When
            feedAndJudge(task, 0, Verdict.REJECTED);
            feedAndJudge(task, 8, Verdict.REJECTED);
            task.feed(16, 24);
            CheckpointManifest boundary = task.lastManifest();
            task.feed(24, 32);

            // Then the checkpoint at which training changes announces that, and the next one is trained under it
            assertThat(announcements.all())
                    .extracting(CheckpointAnnouncement::reactions)
                    .filteredOn(Objects::nonNull)
                    .singleElement()
                    .isEqualTo(announcements.all().get(2).reactions());
            Reaction reaction = announcements.all().get(2).reactions().get(0);
            assertThat(reaction.cause()).isEqualTo(Cause.REJECTION);
            assertThat(reaction.verdictOn()).isEqualTo("checkpoint-000004");
            assertThat(reaction.after()).isEqualTo(HALF_RATE);
            assertThat(boundary.lineage().adjustments()).isNull();
            assertThat(boundary.lineage().policy().next()).isEqualTo(HALF_RATE);
            assertThat(task.lastManifest().lineage().adjustments()).isEqualTo(HALF_RATE);
            assertThat(registry.get("millrace.trainer.learning.rate").gauge().value())
                    .isEqualTo(0.5e-3);
            assertThat(registry.get("millrace.trainer.reactions")
                            .tags("cause", "rejection", "action", "lower-learning-rate")
                            .counter()
                            .count())
                    .isEqualTo(1);
            assertThat(reuse()).isEqualTo(1);
        }
    }

    @Test
    void shouldGoOnAsBeforeWithoutAPolicy() {
        try (RunningTask task = open(answering(Response.CONTINUE))) {
            // When
            for (int i = 0; i < 5; i++) {
                feedAndJudge(task, i * 8L, Verdict.REJECTED);
            }

            // Then
            assertThat(announcements.all())
                    .allSatisfy(one -> assertThat(one.reactions()).isNull());
            assertThat(task.lastManifest().lineage().policy()).isNull();
            assertThat(task.lastManifest().lineage().adjustments()).isNull();
        }
    }

    @Test
    void shouldReturnToTheConfiguredRateWithAPromotionUnderIt() {
        try (RunningTask task = open(answering(Response.LOWER_LEARNING_RATE))) {
            // Given checkpoint 6 at which the rate is lowered, and 8 trained under it
            feedAndJudge(task, 0, Verdict.REJECTED);
            feedAndJudge(task, 8, Verdict.REJECTED);
            feedAndJudge(task, 16, Verdict.PROMOTED);
            feedAndJudge(task, 24, Verdict.PROMOTED);

            // When
            task.feed(32, 40);
            List<Reaction> reactions = announcements.last().reactions();
            task.feed(40, 48);

            // Then the promotion of 6 changed nothing: it was trained at the full rate
            assertThat(announcements.all().get(3).reactions()).isNull();
            assertThat(reactions).singleElement().satisfies(reaction -> {
                assertThat(reaction.cause()).isEqualTo(Cause.PROMOTION);
                assertThat(reaction.verdictOn()).isEqualTo("checkpoint-000008");
                assertThat(reaction.probeSets().get(0).reactions()).isEqualTo(2);
            });
            assertThat(task.lastManifest().lineage().adjustments()).isNull();
        }
    }

    @Test
    void shouldMakeTheSameModelWhetherItWasStoppedOrNot(@TempDir Path other) {
        // Given
        Announcements uninterrupted = new Announcements();
        TrainedTask task = answering(Response.LOWER_LEARNING_RATE);
        CheckpointManifest whole;
        try (RunningTask run = open(task, other, uninterrupted, new PublishedVerdicts())) {
            feedAndJudge(run, uninterrupted, 0, Verdict.REJECTED);
            feedAndJudge(run, uninterrupted, 8, Verdict.REJECTED);
            feedAndJudge(run, uninterrupted, 16, Verdict.REJECTED);
            feedAndJudge(run, uninterrupted, 24, Verdict.REJECTED);
            feedAndJudge(run, uninterrupted, 32, Verdict.REJECTED);
            run.feed(40, 56);
            whole = run.lastManifest();
        }

        // When each checkpoint is trained by a process of its own
        for (int first = 0; first < 40; first += 8) {
            try (RunningTask run = open(task)) {
                feedAndJudge(run, first, Verdict.REJECTED);
            }
        }
        CheckpointManifest stopped;
        try (RunningTask run = open(task)) {
            run.feed(40, 56);
            stopped = run.lastManifest();
            assertThat(reuse()).isEqualTo(2);
        }

        // Then
        assertThat(stopped.lineage()).isEqualTo(whole.lineage());
        assertThat(stopped.files()).isEqualTo(whole.files());
        assertThat(whole.lineage().adjustments()).isEqualTo(new Adjustments(0.25, 1, null));
        assertThat(announcements.all())
                .extracting(CheckpointAnnouncement::reactions)
                .containsExactlyElementsOf(uninterrupted.all().stream()
                        .map(CheckpointAnnouncement::reactions)
                        .toList());
    }

    @Test
    void shouldBeginAndEndWithTheConfiguration() {
        // Given checkpoints of a time without a policy, whose manifests look as those of earlier versions
        try (RunningTask task = open(answering(Response.CONTINUE))) {
            feedAndJudge(task, 0, Verdict.REJECTED);
            feedAndJudge(task, 8, Verdict.REJECTED);
        }

        // When there is one, and then none again
        try (RunningTask task = open(answering(Response.LOWER_LEARNING_RATE))) {
            feedAndJudge(task, 16, Verdict.REJECTED);
            feedAndJudge(task, 24, Verdict.REJECTED);
            task.feed(32, 40);
        }
        List<Reaction> reactions = announcements.last().reactions();
        try (RunningTask task = open(answering(Response.CONTINUE))) {
            task.feed(40, 48);

            // Then verdicts of before do not count, and nothing is left of it
            assertThat(announcements.all().get(2).reactions()).isNull();
            assertThat(announcements.all().get(3).reactions()).isNull();
            assertThat(reactions).extracting(Reaction::verdictOn).containsExactly("checkpoint-000008");
            assertThat(task.lastManifest().lineage().adjustments()).isNull();
            assertThat(task.lastManifest().lineage().policy()).isNull();
        }
    }

    @Test
    void shouldReturnToTheChampionOnce() {
        try (RunningTask task = open(answering(Response.RETURN_TO_CHAMPION))) {
            // Given
            feedAndJudge(task, 0, Verdict.PROMOTED);
            task.promoted("checkpoint-000002");
            feedAndJudge(task, 8, Verdict.REJECTED);
            feedAndJudge(task, 16, Verdict.REJECTED);

            // When
            task.feed(24, 32);
            List<CheckpointAnnouncement> undone =
                    List.copyOf(announcements.all().subList(4, 7));
            verdicts.publish("checkpoint-000008", Verdict.REJECTED);
            feedAndJudge(task, 32, Verdict.REJECTED);
            task.feed(40, 48);

            // Then
            assertThat(undone)
                    .extracting(CheckpointAnnouncement::offsets)
                    .containsExactly(offsets(8, 16), offsets(16, 24), offsets(24, 32));
            assertThat(undone.get(0).parent()).isEqualTo("checkpoint-000002");
            assertThat(undone.get(0).reactions()).singleElement().satisfies(reaction -> {
                assertThat(reaction.action()).isEqualTo(Action.RETURN_TO_CHAMPION);
                assertThat(reaction.verdictOn()).isEqualTo("checkpoint-000006");
                assertThat(reaction.probeSets().get(0).reactions()).isEqualTo(1);
            });
            assertThat(undone.subList(1, 3))
                    .allSatisfy(piece -> assertThat(piece.reactions()).isNull());
            assertThat(announcements.recordsSince(4))
                    .extracting(record -> new String(
                            record.headers().lastHeader(RejectionHeaders.REASON).value(), StandardCharsets.UTF_8))
                    .hasSize(24)
                    .containsOnly("returned-to-champion");
            assertThat(announcements.all()).as("no second return").hasSize(9);
            assertThat(announcements.all().get(7).parent()).isEqualTo("checkpoint-000002-4");
            assertThat(task.lastManifest().lineage().policy().checkpoints()).isEqualTo(2);
            assertThat(task.accountedFor()).isEqualTo(task.accepted());
        }
    }

    @Test
    void shouldStayWhereThereIsNoChampion() {
        try (RunningTask task = open(answering(Response.RETURN_TO_CHAMPION))) {
            // When
            for (int i = 0; i < 3; i++) {
                feedAndJudge(task, i * 8L, Verdict.REJECTED);
            }

            // Then
            assertThat(announcements.all()).hasSize(3);
            assertThat(task.run().returns()).isFalse();
        }
    }

    @Test
    void shouldAnswerDriftUntilItIsOver() {
        // Given a head that says positive to everything
        TrainedTask task =
                Sentiments.task(Method.PLAIN, Sentiments.golden("bert"), 1, new CheckpointConfig(1, null, null, null));
        TrainedTask drifting = new TrainedTask(
                task.task(),
                TrainingConfigs.like(task.training())
                        .withDrift(new DriftConfig(
                                4, 0.5, DriftDetector.FALL_BELOW_BEST, null, null, null, null, null, null))
                        .withPolicy(Response.CONTINUE, Response.LOWER_LEARNING_RATE)
                        .build());
        try (RunningTask run = open(drifting)) {
            // When
            feedLabelled(run, 0, "positive");
            feedLabelled(run, 4, "negative");
            PolicyState started = run.lastManifest().lineage().policy();
            feedLabelled(run, 8, "positive");

            // Then
            assertThat(started.next()).isEqualTo(HALF_RATE);
            assertThat(run.lastManifest().lineage().adjustments()).isEqualTo(HALF_RATE);
            assertThat(run.lastManifest().lineage().policy().next()).isEqualTo(Adjustments.NONE);
            assertThat(announcements.all().stream()
                            .map(CheckpointAnnouncement::reactions)
                            .filter(Objects::nonNull)
                            .flatMap(List::stream))
                    .extracting(Reaction::cause)
                    .containsExactly(Cause.DRIFT, Cause.RECOVERY);
        }
    }

    private double reuse() {
        return registry.get("millrace.trainer.probe.reuse")
                .tags("probe_set", PublishedVerdicts.PROBE_SET)
                .gauge()
                .value();
    }

    private static OffsetRange offsets(long first, long next) {
        return new OffsetRange(RunningTask.PARTITION, first, next);
    }

    private static void feedLabelled(RunningTask task, long first, String label) {
        for (long offset = first; offset < first + Sentiments.BATCH_SIZE; offset++) {
            task.accept(offset, Sentiments.labelled(offset, label));
        }
        task.advance();
    }

    private void feedAndJudge(RunningTask task, long first, Verdict verdict) {
        feedAndJudge(task, announcements, first, verdict);
    }

    private static void feedAndJudge(RunningTask task, Announcements announced, long first, Verdict verdict) {
        task.feed(first, first + 8);
        task.judge(announced.last().checkpoint().id(), verdict);
    }

    private RunningTask open(TrainedTask task) {
        return open(task, root, announcements, verdicts);
    }

    private RunningTask open(TrainedTask task, Path store, Announcements announced, PublishedVerdicts published) {
        return new RunningTask(
                task, store, announced, RunningTask.topics(task, announced, 0, Optional.empty()), registry, published);
    }

    private static TrainedTask answering(Response onRejection) {
        TrainedTask task =
                Sentiments.task(Method.PLAIN, Sentiments.golden("bert"), 1, new CheckpointConfig(2, null, null, null));
        return new TrainedTask(
                task.task(),
                TrainingConfigs.like(task.training())
                        .withPolicy(new PolicyConfig(onRejection, null, 2, null, null, null, null, null))
                        .build());
    }
}
