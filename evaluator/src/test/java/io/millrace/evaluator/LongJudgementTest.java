package io.millrace.evaluator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.evaluator.score.Scorer;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.Verdict;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A judgement takes as long as it takes, beside the polling thread. */
class LongJudgementTest extends EvaluatorInMemory {

    @Test
    void shouldKeepPollingHoweverLongACheckpointIsScored() throws IOException {
        // Given: scores that only come once the evaluator has polled twice meanwhile
        probe("1");
        announce(StoredCheckpoint.write(root, 100, "0.7"));
        CountDownLatch polled = new CountDownLatch(2);
        scorer = waitingFor(polled);
        furtherPolls.add(polled::countDown);
        furtherPolls.add(polled::countDown);

        // When
        run();

        // Then
        assertThat(updates()).extracting(ModelUpdate::verdict).containsExactly(Verdict.PROMOTED);
        assertCounts(1, 1, 0, 0, 0);
    }

    @Test
    void shouldGiveUpACheckpointWhosePartitionGoesToAnotherEvaluatorWhileItIsScored() throws IOException {
        // Given
        probe("1");
        announce(StoredCheckpoint.write(root, 100, "0.7"));
        CountDownLatch revoked = new CountDownLatch(1);
        scorer = waitingFor(revoked);
        furtherPolls.add(() -> checkpoints.rebalance(List.of()));
        furtherPolls.add(revoked::countDown);

        // When
        run();

        // Then
        assertThat(updates()).isEmpty();
        assertThat(producer.commitCount()).isZero();
        assertThat(root.resolve("intent/models")).isEmptyDirectory();
        assertCounts(1, 0, 0, 0, 1);
    }

    @Test
    void shouldEndWithTheCauseWhenScoringFailsForAnotherReasonThanTheFiles() throws IOException {
        // Given
        probe("1");
        announce(StoredCheckpoint.write(root, 100, "0.7"));
        scorer = new FakeScorer(() -> {
            throw new IllegalStateException("out of memory");
        });

        // When / Then: the checkpoint is judged after the next start
        assertThatThrownBy(this::runUntilItEnds).hasMessage("out of memory");
        assertThat(producer.commitCount()).isZero();
    }

    /** Scores as {@link FakeScorer} does, but not before something has happened on the polling thread. */
    private static Scorer waitingFor(CountDownLatch latch) {
        return new FakeScorer(() -> {
            try {
                if (!latch.await(1, TimeUnit.MINUTES)) {
                    throw new IllegalStateException("nobody polled while it was scored");
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
