package io.millrace.trainer.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.Adjustments;
import io.millrace.schemas.DriftPhase;
import io.millrace.schemas.FallBelowBest;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.PolicyState;
import io.millrace.schemas.Reaction;
import io.millrace.schemas.Reaction.Action;
import io.millrace.schemas.Reaction.Cause;
import io.millrace.schemas.Verdict;
import io.millrace.trainer.PublishedVerdicts;
import io.millrace.trainer.config.PolicyConfig;
import io.millrace.trainer.config.ReplayConfig;
import io.millrace.trainer.config.Response;
import io.millrace.trainer.policy.Policy.Decision;
import io.millrace.trainer.policy.Policy.Observed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

class PolicyTest {

    private static final Adjustments HALF_RATE = new Adjustments(0.5, 1, null);
    private static final PolicyState LOWERED = PolicyState.START.withAfterRejections(HALF_RATE);

    private final ProbeReuseCounts reuse = new ProbeReuseCounts(List.of());

    @ParameterizedTest
    @CsvSource({
        "LOWER_LEARNING_RATE, 0.5, 1,",
        "RAISE_LAMBDA, 1, 2,",
        "RAISE_REPLAY, 1, 1, 0.4",
    })
    void shouldAnswerRejectionsInARow(Response response, double rate, double lambda, Double share) {
        // When
        Decision decision = policy(response, Response.CONTINUE).decide(PolicyState.START, rejected(3), reuse);

        // Then
        assertThat(decision.state().next()).isEqualTo(new Adjustments(rate, lambda, share));
        assertThat(decision.state().checkpoints()).isZero();
        assertThat(decision.returning()).isEmpty();
        assertThat(decision.reactions()).singleElement().satisfies(reaction -> {
            assertThat(reaction.cause()).isEqualTo(Cause.REJECTION);
            assertThat(reaction.action().wireName())
                    .isEqualTo(
                            response.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
            assertThat(reaction.before()).isEqualTo(Adjustments.NONE);
            assertThat(reaction.after()).isEqualTo(decision.state().next());
            assertThat(reaction.verdictOn()).isEqualTo("checkpoint-3");
        });
    }

    @ParameterizedTest
    @CsvSource({"LOWER_LEARNING_RATE, 2", "CONTINUE, 9"})
    void shouldGoOnAsConfigured(Response response, int rejections) {
        // When
        Decision decision = policy(response, Response.CONTINUE).decide(PolicyState.START, rejected(rejections), reuse);

        // Then
        assertThat(decision.reactions()).isEmpty();
        assertThat(decision.returning()).isEmpty();
        assertThat(decision.state()).isEqualTo(PolicyState.START.afterCheckpoint());
    }

    @ParameterizedTest
    @CsvSource({"LOWER_LEARNING_RATE, 0.125, 1,", "RAISE_LAMBDA, 1, 8,", "RAISE_REPLAY, 1, 1, 0.75"})
    void shouldStopAtTheBound(Response response, double rate, double lambda, Double share) {
        // Given
        Policy policy = policy(response, Response.CONTINUE);
        PolicyState state = PolicyState.START;

        // When
        int reactions = 0;
        for (int i = 0; i < 6; i++) {
            Decision decision = policy.decide(state, rejected(3), reuse);
            state = decision.state();
            reactions += decision.reactions().size();
        }

        // Then
        assertThat(state.next()).isEqualTo(new Adjustments(rate, lambda, share));
        assertThat(reactions).isLessThan(4);
    }

    @Test
    void shouldEndWithAPromotion() {
        // When
        Decision decision =
                policy(Response.LOWER_LEARNING_RATE, Response.CONTINUE).decide(LOWERED, promoted(), reuse);

        // Then
        assertThat(decision.state().next()).isEqualTo(Adjustments.NONE);
        assertThat(decision.reactions()).singleElement().satisfies(reaction -> {
            assertThat(reaction.cause()).isEqualTo(Cause.PROMOTION);
            assertThat(reaction.action()).isEqualTo(Action.RESET);
            assertThat(reaction.before()).isEqualTo(HALF_RATE);
            assertThat(reaction.probeSets()).hasSize(1);
        });
    }

    @Test
    void shouldNotReactToAPromotionAsConfigured() {
        // When
        Decision decision =
                policy(Response.LOWER_LEARNING_RATE, Response.CONTINUE).decide(PolicyState.START, promoted(), reuse);

        // Then
        assertThat(decision.reactions()).isEmpty();
    }

    @Test
    void shouldReturnToTheChampionWithoutAnAdjustment() {
        // When
        Decision decision =
                policy(Response.RETURN_TO_CHAMPION, Response.CONTINUE).decide(PolicyState.START, rejected(3), reuse);

        // Then the checkpoint is written as if nothing were to happen
        assertThat(decision.reactions()).isEmpty();
        assertThat(decision.state()).isEqualTo(PolicyState.START.afterCheckpoint());
        assertThat(decision.returning()).get().satisfies(reaction -> {
            assertThat(reaction.action()).isEqualTo(Action.RETURN_TO_CHAMPION);
            assertThat(reaction.verdictOn()).isEqualTo("checkpoint-3");
        });
    }

    @Test
    void shouldAnswerDriftOnceAndEndWithIt() {
        // Given
        Policy policy = policy(Response.CONTINUE, Response.RAISE_REPLAY);

        // When
        Decision started = policy.decide(PolicyState.START, drift(DriftPhase.STARTED), reuse);
        Decision ongoing = policy.decide(started.state(), drift(DriftPhase.ONGOING), reuse);
        Decision again = policy.decide(ongoing.state(), drift(DriftPhase.STARTED), reuse);
        Decision recovered = policy.decide(again.state(), drift(DriftPhase.RECOVERED), reuse);

        // Then
        assertThat(started.state().next()).isEqualTo(new Adjustments(1, 1, 0.4));
        assertThat(started.reactions()).singleElement().satisfies(reaction -> {
            assertThat(reaction.cause()).isEqualTo(Cause.DRIFT);
            assertThat(reaction.probeSets()).as("no verdict was used").isEmpty();
        });
        assertThat(ongoing.reactions()).isEmpty();
        assertThat(again.reactions()).isEmpty();
        assertThat(recovered.state().next()).isEqualTo(Adjustments.NONE);
        assertThat(recovered.reactions()).extracting(Reaction::cause).containsExactly(Cause.RECOVERY);
    }

    @Test
    void shouldEndADriftOfWhichNoEndIsReported() {
        // Given
        Policy policy = policy(Response.CONTINUE, Response.LOWER_LEARNING_RATE);
        PolicyState state = policy.decide(PolicyState.START, drift(DriftPhase.STARTED), reuse)
                .state();

        // When
        for (int i = 1; i < FallBelowBest.LONGEST; i++) {
            state = policy.decide(state, nothing(), reuse).state();
        }
        PolicyState last = policy.decide(state, nothing(), reuse).state();

        // Then
        assertThat(state.next()).isEqualTo(HALF_RATE);
        assertThat(last.next()).isEqualTo(Adjustments.NONE);
    }

    @Test
    void shouldKeepWhatVerdictsAndDriftHaveBroughtApart() {
        // Given
        Policy policy = policy(Response.LOWER_LEARNING_RATE, Response.LOWER_LEARNING_RATE);

        // When
        PolicyState both =
                policy.decide(LOWERED, drift(DriftPhase.STARTED), reuse).state();
        PolicyState afterwards = policy.decide(both, promoted(), reuse).state();

        // Then
        assertThat(both.next()).isEqualTo(new Adjustments(0.25, 1, null));
        assertThat(afterwards.next()).isEqualTo(HALF_RATE);
    }

    @Test
    void shouldReturnForDriftOnlySomeCheckpointsAfterTheLastChange() {
        // Given
        Policy policy = policy(Response.CONTINUE, Response.RETURN_TO_CHAMPION);
        PolicyState changed = PolicyState.START;
        PolicyState later = changed.afterCheckpoint().afterCheckpoint();

        // When
        Decision soon = policy.decide(changed, drift(DriftPhase.STARTED), reuse);
        Decision due = policy.decide(later, drift(DriftPhase.STARTED), reuse);

        // Then
        assertThat(soon.returning()).isEmpty();
        assertThat(due.returning()).isPresent();
    }

    @Test
    void shouldCountTheReuseOfEveryVersion() {
        // Given
        Policy policy = policy(Response.LOWER_LEARNING_RATE, Response.CONTINUE);
        Reaction first =
                policy.decide(PolicyState.START, rejected(3), reuse).reactions().get(0);
        reuse.add(first);

        // When
        Reaction second =
                policy.decide(PolicyState.START, rejected(3), reuse).reactions().get(0);
        ModelUpdate onNewVersion = PublishedVerdicts.verdict("checkpoint-9", Verdict.REJECTED, "second");
        Observed seen =
                new Observed(List.of(onNewVersion, onNewVersion, onNewVersion), Optional.empty(), Optional.empty());
        Reaction onNew =
                policy.decide(PolicyState.START, seen, reuse).reactions().get(0);

        // Then
        assertThat(List.of(first, second, onNew))
                .extracting(reaction -> reaction.probeSets().get(0).reactions())
                .containsExactly(1, 2, 1);
    }

    @Test
    void shouldDropOnResumeWhatIsNoLongerAnswered() {
        // Given
        PolicyState recorded = LOWERED.withAfterDrift(new Adjustments(1, 2, 0.5));

        // When
        PolicyState stopped = policy(Response.CONTINUE, Response.RAISE_LAMBDA).resumed(recorded);
        PolicyState withoutReplay = new Policy(
                        config(Response.LOWER_LEARNING_RATE, Response.RAISE_LAMBDA), new ReplayConfig(null, null, null))
                .resumed(recorded);

        // Then
        assertThat(stopped.next()).isEqualTo(new Adjustments(1, 2, 0.5));
        assertThat(withoutReplay.next()).isEqualTo(new Adjustments(0.5, 2, null));
    }

    private static Policy policy(Response onRejection, Response onDrift) {
        return new Policy(config(onRejection, onDrift), new ReplayConfig(0.2, null, null));
    }

    private static PolicyConfig config(Response onRejection, Response onDrift) {
        return new PolicyConfig(onRejection, onDrift, null, null, null, null, null, null);
    }

    private static Observed rejected(int count) {
        List<ModelUpdate> verdicts = IntStream.rangeClosed(1, count)
                .mapToObj(i -> PublishedVerdicts.verdict("checkpoint-" + i, Verdict.REJECTED))
                .toList();
        return new Observed(verdicts, Optional.empty(), Optional.empty());
    }

    private static Observed promoted() {
        return new Observed(
                List.of(), Optional.of(PublishedVerdicts.verdict("checkpoint-1", Verdict.PROMOTED)), Optional.empty());
    }

    private static Observed drift(DriftPhase phase) {
        return new Observed(List.of(), Optional.empty(), Optional.of(phase));
    }

    private static Observed nothing() {
        return new Observed(List.of(), Optional.empty(), Optional.empty());
    }
}
